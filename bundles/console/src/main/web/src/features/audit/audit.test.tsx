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
import { KNOWN_ACTIONS } from './actionText';
import { changesOf, changeText } from './changes';
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
    http.get(api('/api/v1/api-keys'), () => HttpResponse.json({ items: [] })),
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
    expect(row.getByText('Role: Viewer → Operator')).toBeTruthy();
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
    expect(detail.getByText('User guard')).toBeTruthy();
    expect(screen.getByTestId('audit-field-role').textContent).toBe('RoleViewer → Operator');
    expect(screen.queryByText('ab12')).toBeNull();
    await userEvent.click(screen.getByTestId('audit-all'));
    const raw = within(screen.getByTestId('audit-raw'));
    for (const noted of ['ab12', 'user/guard', 'user.changed', /"role": "operator"/]) {
      expect(raw.getByText(noted)).toBeTruthy();
    }
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
    const { before, after } = { before: { role: 'viewer', gone: 'x' }, after: { role: 'viewer', new: 'y' } };
    expect(changesOf({ action: 'user.changed', before, after }, new Map()).map(changeText)).toEqual([
      'Role: Viewer',
      'gone: x → –',
      'new: y',
    ]);
  });

  it('names the API key by which something was done', async () => {
    const KEY = GONE.replaceAll('1', '5');
    server.use(
      http.get(api('/api/v1/api-keys'), () =>
        HttpResponse.json({ items: [{ id: KEY, name: 'video wall' }] }),
      ),
      http.get(api(AUDIT), () => HttpResponse.json({ items: [entry(1, { apiKey: KEY })] })),
    );
    renderPage(<AuditPage />);
    await userEvent.click(await screen.findByTestId('audit-1'));
    const detail = within(await screen.findByTestId('audit-detail'));
    expect(await detail.findByText('video wall')).toBeTruthy();
    expect(detail.queryByText(KEY)).toBeNull();
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
    expect(within(screen.getByTestId('audit-7')).getByText('Cameras: Gate')).toBeTruthy();
    await userEvent.click(screen.getByTestId('audit-5'));
    const detail = within(await screen.findByTestId('audit-detail'));
    expect(detail.getByText('Camera Gate')).toBeTruthy();
    expect(detail.queryByText(new RegExp(GATE))).toBeNull();
    await userEvent.click(screen.getByTestId('audit-all'));
    expect(screen.getByText(`camera/${GATE}`)).toBeTruthy();
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

describe('what was changed', () => {
  const told = (action: string, after: Record<string, string>, before: Record<string, string> = {}) =>
    changesOf({ action, before, after }, new Map([[GATE, 'Gate']])).map(changeText);

  it('is told in the language of the console, and no JSON of it', async () => {
    await setLanguage('de');
    expect(
      told(
        'camera.changed',
        {
          enabled: 'false',
          'recording.mode': 'scheduled',
          'recording.schedule': '{"monday":[{"from":"00:00"}]}',
          'recording.volumes': '["main","second"]',
          'recording.backup': '[]',
          'settings.transport': 'tcp',
          password: 'changed',
          name: 'changed',
        },
        { enabled: 'true', 'recording.mode': 'continuous' },
      ),
    ).toEqual([
      'Eingeschaltet: ja → nein',
      'Aufzeichnung: Dauernd → Zeitplan',
      'Zeitplan: siehe „Alles anzeigen“',
      'Speicherorte: main, second',
      'Speicherorte für Kopien: keine',
      'Einstellung des Treibers: transport: tcp',
      'Passwort: geändert',
      'Name: changed',
    ]);
    expect(told('auth.login', { refused: 'wrong_password' })).toEqual(['Abgelehnt, weil: falsches Passwort']);
    expect(told('footage.viewed', { way: 'keyframes', refused: 'right missing' })).toEqual([
      'Wie: im Schnelldurchlauf',
      'Abgelehnt, weil: das Recht fehlt',
    ]);
    expect(told('role.changed', { permissions: 'export view_live', secondFactor: 'true' })).toEqual([
      'Darf: Aufnahmen exportieren, Live-Bilder',
      'Zweiter Faktor nötig: ja',
    ]);
    await setLanguage('en');
  });

  it('has cameras by name, sizes and lengths with their unit, and times by the clocks that are shown', () => {
    expect(told('lock.added', { cameras: `${GATE} ${GONE} and 3 more` })).toEqual([
      `Cameras: Gate, ${GONE} and 3 more`,
    ]);
    expect(told('volume.changed', { quotaBytes: '1073741824' })).toEqual(['At most: 1.0 GiB']);
    expect(told('recording.started', { durationSeconds: '90' })).toEqual(['Length: 1 min 30 s']);
    expect(told('grant.added', { scope: `camera/${GATE}`, role: 'viewer', denied: 'false' })).toEqual([
      'Place: Camera Gate',
      'Role: Viewer',
      'Taken away: no',
    ]);
    expect(told('lock.added', { from: '2026-11-24T10:00:00Z' })[0]).not.toContain('T10');
  });

  it('has settings as they stand in their file, and what a newer server notes by its name', () => {
    expect(told('config.changed', { enabled: 'true' }, { enabled: 'false' })).toEqual([
      'enabled: false → true',
    ]);
    expect(told('solar.sailed', { sails: '7' })).toEqual(['sails: 7']);
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
