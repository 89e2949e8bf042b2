// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditEntry as entry } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { setLanguage } from '../../i18n';
import { AuditPage } from './AuditPage';
import { changesText, KNOWN_ACTIONS } from './actionText';
import { namesOf, subjectText, withNames } from './names';

withServer();
const AUDIT = '/api/v1/audit';
const GATE = '7d0d4bd6-9c0a-4a3c-8a53-8f2f0f1a2b3c';
const GONE = '11111111-9c0a-4a3c-8a53-8f2f0f1a2b3c';
const PAGE = 200;
const ALL = 3 * PAGE - 50;
/** The first of each page: refused, as most are, and begun at a camera that went away. */
const ODD: Parameters<typeof entry>[1][] = [
  { done: false, action: 'acme.opened' },
  {},
  { action: 'privacy_mask.changed', before: {}, after: { mask: '1', outcome: 'unknown' } },
];
let asked: URLSearchParams[];

beforeEach(() => {
  asked = [];
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  server.use(
    ...listing([camera(GATE, { name: 'Gate' })]),
    http.get(api(AUDIT), ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const from = Number(query.get('cursor') ?? 0);
      const to = Math.min(ALL, from + PAGE);
      const items = Array.from({ length: to - from }, (_, n) => entry(ALL - from - n, ODD[n] ?? {}));
      return HttpResponse.json({ items, ...(to < ALL ? { nextCursor: String(to) } : {}) });
    }),
  );
});

describe('the audit', () => {
  it('shows who did what to what and from where, with what was before', async () => {
    renderPage(<AuditPage />);
    const row = within(await screen.findByTestId(`audit-${ALL - 1}`));
    expect(row.getByText('User changed')).toBeTruthy();
    expect(row.getByText('role: viewer → operator')).toBeTruthy();
    expect(row.getByText('192.0.2.7')).toBeTruthy();
    const first = within(screen.getByTestId(`audit-${ALL}`));
    expect(first.getByText('acme.opened')).toBeTruthy();
    expect(first.getByText('refused')).toBeTruthy();
    const third = within(screen.getByTestId(`audit-${ALL - 2}`));
    expect(third.getByText('outcome unknown')).toBeTruthy();
    expect(third.queryByText('refused')).toBeNull();
    screen.getByTestId(`audit-${ALL - 1}`).focus();
    await userEvent.keyboard('{Enter}');
    const detail = within(await screen.findByTestId('audit-detail'));
    expect(detail.getByText('ab12')).toBeTruthy();
    expect(detail.getByText('User guard (user/guard)')).toBeTruthy();
  });

  it('holds only the rows in view, and reads on as one comes near the end', async () => {
    renderPage(<AuditPage />);
    const table = await screen.findByTestId('audit-table');
    expect(asked).toHaveLength(1);
    expect(table.getAttribute('aria-rowcount')).toBe('-1');
    expect(table.querySelectorAll('[data-action]').length).toBeLessThan(60);
    const scroller = table.parentElement as HTMLElement;
    const down = () => {
      scroller.scrollTop += PAGE * 48;
      scroller.dispatchEvent(new Event('scroll'));
    };
    down();
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.get('cursor')).toBe(String(PAGE));
    down();
    await waitFor(() => expect(asked).toHaveLength(3));
    await waitFor(() => expect(table.getAttribute('aria-rowcount')).toBe(String(ALL + 1)));
    expect(table.querySelectorAll('[data-action]').length).toBeLessThan(60);
  });

  it('does not ask for ever where reading on fails, but again when somebody says so', async () => {
    renderPage(<AuditPage />);
    const table = await screen.findByTestId('audit-table');
    let refused = 0;
    server.use(
      http.get(
        api(AUDIT),
        () => {
          refused++;
          return problem(503, 'unavailable', 'The database does not answer.');
        },
        { once: true },
      ),
    );
    const scroller = table.parentElement as HTMLElement;
    scroller.scrollTop += PAGE * 48;
    scroller.dispatchEvent(new Event('scroll'));
    const again = await screen.findByTestId('audit-again');
    expect(screen.getByText(/The database does not answer/)).toBeTruthy();
    expect(refused).toBe(1);
    expect(asked).toHaveLength(1);
    await userEvent.click(again);
    await waitFor(() => expect(asked).toHaveLength(2));
    await waitFor(() => expect(screen.queryByTestId('audit-again')).toBeNull());
  });

  it('is filtered by who, what, when and where, and exported as it is filtered', async () => {
    renderPage(<AuditPage />, '/?range=all&user=anna');
    await screen.findByTestId('audit-table');
    expect(asked[0]?.get('user')).toBe('anna');
    expect(asked[0]?.get('from')).toBeNull();
    await userEvent.type(screen.getByTestId('audit-address'), '192.0.2.7');
    await userEvent.type(screen.getByTestId('audit-action'), 'auth.*');
    await waitFor(() => {
      const last = asked[asked.length - 1];
      expect(last?.get('address')).toBe('192.0.2.7');
      expect(last?.get('action')).toBe('auth.*');
    });
    await userEvent.click(screen.getByTestId('audit-export'));
    const file = new URL(
      (await screen.findByTestId('audit-export-csv')).getAttribute('href') ?? '',
      'http://x',
    );
    expect(file.pathname).toBe(`${AUDIT}/export`);
    expect(Object.fromEntries(file.searchParams)).toEqual({
      user: 'anna',
      action: 'auth.*',
      address: '192.0.2.7',
      format: 'csv',
    });
  });

  it('is verified when asked, and says what is wrong', async () => {
    let whole = true;
    server.use(
      http.post(api(`${AUDIT}/verify`), () =>
        HttpResponse.json({
          whole,
          entries: 1200,
          faults: whole ? [] : ['entry 7 is not as it was written'],
          acknowledged: ['entries 3 to 4 are missing'],
          others: { other: 3 },
        }),
      ),
    );
    renderPage(<AuditPage />);
    await userEvent.click(await screen.findByTestId('audit-verify'));
    expect((await screen.findByTestId('audit-verdict')).textContent).toContain('All 1,200 entries');
    expect(screen.getByTestId('audit-acknowledged').textContent).toContain('1 fault');
    expect(screen.getByText('3 entries are of 1 other server, which verifies them itself.')).toBeTruthy();
    await userEvent.click(screen.getByTestId('audit-verdict-close'));
    whole = false;
    await userEvent.click(screen.getByTestId('audit-verify'));
    expect(await screen.findByText('entry 7 is not as it was written')).toBeTruthy();
    expect(screen.getByTestId('audit-verify').getAttribute('data-whole')).toBe('false');
  });

  it('says so when nothing fits, and shows nothing to who may not read it', async () => {
    server.use(http.get(api(AUDIT), () => HttpResponse.json({ items: [] })));
    const { unmount } = renderPage(<AuditPage />);
    expect(await screen.findByTestId('audit-none')).toBeTruthy();
    unmount();
    useSession.setState({ phase: 'active', user: userWith('operator') });
    renderPage(<AuditPage />);
    expect(screen.getByTestId('audit-forbidden')).toBeTruthy();
  });

  it('tells what came, went and stayed', () => {
    expect(
      changesText({ before: { role: 'viewer', gone: 'x' }, after: { role: 'viewer', new: 'y' } }),
    ).toEqual(['role: viewer', 'gone: x → –', 'new: y']);
  });
});

describe('what the audit is about', () => {
  it('is said by name, and in the detail beside what was noted', async () => {
    const ordered = entry(7, {
      action: 'export.ordered',
      subject: 'export/e1',
      before: {},
      after: { cameras: GATE },
    });
    const removed = entry(6, {
      action: 'camera.removed',
      subject: `camera/${GONE}`,
      before: { name: 'Old' },
      after: {},
    });
    const changed = entry(5, { action: 'camera.changed', subject: `camera/${GATE}`, before: {}, after: {} });
    server.use(http.get(api(AUDIT), () => HttpResponse.json({ items: [ordered, removed, changed] })));
    renderPage(<AuditPage />);
    await within(await screen.findByTestId('audit-5')).findByText('Camera Gate');
    expect(within(screen.getByTestId('audit-6')).getByText('Camera Old')).toBeTruthy();
    expect(within(screen.getByTestId('audit-7')).getByText('cameras: Gate')).toBeTruthy();
    await userEvent.click(screen.getByTestId('audit-5'));
    const detail = within(await screen.findByTestId('audit-detail'));
    expect(detail.getByText(`Camera Gate (camera/${GATE})`)).toBeTruthy();
  });

  it('is called as now, or as it was called last; an id that nobody knows stays', () => {
    const names = namesOf(
      [camera(GATE, { name: 'Gate' })],
      [
        entry(3, { subject: `camera/${GONE}`, before: { name: 'Yard' }, after: { name: 'Yard 2' } }),
        entry(2, { subject: `camera/${GONE}`, before: {}, after: { name: 'Yard' } }),
        entry(1, { subject: `camera/${GATE}`, before: {}, after: { name: 'Door' } }),
        entry(0, { subject: 'user/guard', before: {}, after: { name: 'nobody' } }),
      ],
    );
    const unknown = GONE.replaceAll('1', '2');
    expect(withNames(`${GATE},${GONE},${unknown}`, names)).toBe(`Gate,Yard 2,${unknown}`);
  });

  it('has a word for each kind, in the language of the console', async () => {
    const LAYOUT = GONE.replaceAll('1', '3');
    const names = namesOf(
      [],
      [entry(1, { subject: `layout/${LAYOUT}`, before: { name: 'Night' }, after: {} })],
    );
    expect(subjectText(`layout/${LAYOUT}`, names)).toBe('Layout Night');
    expect(subjectText(`export/${GONE}`, names)).toBe('Export 11111111…');
    expect(subjectText('api-key/wall of guard', names)).toBe('API key wall of guard');
    expect(subjectText('backup', names)).toBe('Backup');
    expect(subjectText('solar_sail/one', names)).toBe('solar sail one');
    await setLanguage('de');
    expect(subjectText('user/guard', names)).toBe('Benutzer guard');
    await setLanguage('en');
  });
});

describe('actions', () => {
  it('that the server is known to note all have words', () => {
    const design = readFileSync('../../../../../docs/design/identity.md', 'utf8');
    const noted = design
      .split('\n')
      .map((line) => /^\| (`[a-z_]+\.[a-z_]+`.*?) \|/.exec(line)?.[1] ?? '')
      .flatMap((cell) => [...cell.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, action]) => action));
    expect(noted.length).toBeGreaterThan(70);
    expect(noted.filter((action) => !KNOWN_ACTIONS.includes(action ?? ''))).toEqual([]);
  });
});
