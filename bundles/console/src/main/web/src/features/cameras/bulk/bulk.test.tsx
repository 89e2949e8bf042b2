// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../../test/render';
import { api, camera, listing, problem, server, userWith, withServer } from '../../../../test/server';
import { ApiProblem } from '../../../api/problem';
import { useSession } from '../../../api/session';
import type { Camera } from '../../../api/types';
import { shownZoneName } from '../../../ui/zone';
import { CamerasPage } from '../CamerasPage';
import { type Day, FIRST_WEEK, painted, spansOf } from '../recording/week';
import { applyToAll, commonOf, type Outcome } from './bulk';

withServer();

const { recording } = camera('x');
let cameras: Camera[];
let sent: { id: unknown; match: string | null; body: unknown }[];

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('administrator') });
  sent = [];
  cameras = [
    camera('a', { name: 'Gate', group: 'Outside', version: 4 }),
    camera('b', { name: 'Yard', group: 'Outside', recording: { ...recording, retentionDaysMax: 7 } }),
    camera('c', { name: 'Hall', group: 'Inside', enabled: false }),
  ];
  server.use(
    http.get(api('/api/v1/cameras'), () => HttpResponse.json({ items: cameras })),
    ...listing([]),
    http.get(api('/api/v1/events/kinds'), () => HttpResponse.json({ items: [] })),
    http.patch(api('/api/v1/cameras/:id'), async ({ params, request }) => {
      sent.push({ id: params.id, match: request.headers.get('If-Match'), body: await request.json() });
      return HttpResponse.json(camera(String(params.id)));
    }),
  );
});

async function openWith(...ids: string[]) {
  renderPage(<CamerasPage />);
  for (const id of ids) {
    await userEvent.click(await screen.findByTestId(`camera-choose-${id}`));
  }
  await userEvent.click(await screen.findByTestId('cameras-bulk'));
  await screen.findByTestId('bulk-form');
}

const field = (name: string) => screen.getByTestId(`bulk-${name}`) as HTMLInputElement;

async function choose(name: string, option: string) {
  await userEvent.click(field(name));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

describe('several cameras', () => {
  it('show what all of them have, and where they differ; what was not touched is not sent', async () => {
    await openWith('a', 'b');
    expect(field('group').value).toBe('Outside');
    expect(field('retentionDaysMax').value).toBe('');
    expect(field('retentionDaysMax').placeholder).toBe('differs');
    expect((screen.getByTestId('bulk-save') as HTMLButtonElement).disabled).toBe(true);
    await choose('mainMode', 'On events');
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('2 cameras were changed.');
    expect(sent).toEqual([
      { id: 'a', match: '"4"', body: { recording: { mode: 'event' } } },
      { id: 'b', match: '"3"', body: { recording: { mode: 'event' } } },
    ]);
    await userEvent.click(screen.getByTestId('bulk-close'));
    await waitFor(() => expect(screen.queryByTestId('cameras-bulk')).toBeNull());
  });

  it('are made alike where they differ; one that is so already is left alone, and a touch can be taken back', async () => {
    await openWith('a', 'b', 'c');
    await userEvent.type(field('retentionDaysMax'), '7');
    await choose('enabled', 'Off');
    await userEvent.click(screen.getByRole('button', { name: 'Leave as it is: Switched on' }));
    expect(field('enabled').placeholder).toBe('differs');
    expect(screen.getByTestId('bulk-save').textContent).toBe('Change 2 cameras');
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('2 cameras were changed. 1 was so already.');
    expect(sent.map(({ id, body }) => [id, body])).toEqual([
      ['a', { recording: { retentionDaysMax: 7 } }],
      ['c', { recording: { retentionDaysMax: 7 } }],
    ]);
  });

  it('that do not take it are named with the field and the reason; the others are changed', async () => {
    let taken = false;
    server.use(
      http.patch(api('/api/v1/cameras/b'), async ({ request }) => {
        if (taken) {
          sent.push({ id: 'b', match: request.headers.get('If-Match'), body: await request.json() });
          return HttpResponse.json(cameras[1]);
        }
        return problem(422, 'validation', '', [
          { field: 'recording.retentionDaysMin', detail: 'more than the 7 days of at most' },
          { field: 'acme', detail: 'of a newer server' },
        ]);
      }),
    );
    await openWith('a', 'b', 'c');
    await userEvent.clear(field('retentionDaysMin'));
    await userEvent.type(field('retentionDaysMin'), '14');
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('2 cameras were changed.');
    const failed = within(screen.getByTestId('bulk-failed-b'));
    expect(failed.getByText('Yard')).toBeTruthy();
    expect(failed.getByText('Keep for at least (days): more than the 7 days of at most')).toBeTruthy();
    expect(failed.getByText('acme: of a newer server')).toBeTruthy();
    expect(screen.queryByTestId('bulk-failed-a')).toBeNull();

    taken = true;
    sent = [];
    await userEvent.click(screen.getByTestId('bulk-again'));
    await userEvent.click(await screen.findByTestId('bulk-save'));
    await screen.findByText('1 camera was changed.');
    expect(sent).toEqual([{ id: 'b', match: '"3"', body: { recording: { retentionDaysMin: 14 } } }]);
  });

  it('say when nobody knows what became of one, and which were not tried', async () => {
    server.use(http.patch(api('/api/v1/cameras/b'), () => HttpResponse.error()));
    await openWith('a', 'b', 'c');
    await choose('mainMode', 'By hand');
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('1 camera was changed. 1 was not tried.');
    expect(within(screen.getByTestId('bulk-failed-b')).getByText(/it may have been changed/)).toBeTruthy();
    expect(sent.map(({ id }) => id)).toEqual(['a']);
    await userEvent.click(screen.getByTestId('bulk-close'));
    expect((screen.getByTestId('camera-choose-a') as HTMLInputElement).checked).toBe(false);
    expect((screen.getByTestId('camera-choose-b') as HTMLInputElement).checked).toBe(true);
    expect((screen.getByTestId('camera-choose-c') as HTMLInputElement).checked).toBe(true);
  });

  it('that are put on a schedule follow the week that is shown, and is painted for all of them', async () => {
    await openWith('a', 'b');
    expect(screen.queryByTestId('week-grid')).toBeNull();
    await choose('mainMode', 'Schedule');
    await screen.findByTestId('week-grid');
    fireEvent.click(screen.getByTestId('week-day-sun'));
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('2 cameras were changed.');
    const week = painted(FIRST_WEEK, { day: 6, hour: 0 }, { day: 6, hour: 23 }, 'continuous');
    const schedule = { timeZone: shownZoneName(), spans: spansOf(week) };
    expect(sent.map(({ id, body }) => [id, body])).toEqual(
      ['a', 'b'].map((id) => [id, { recording: { mode: 'scheduled', schedule } }]),
    );
  });

  it('whose schedules differ keep them until one is given to all; nobody is given one unseen', async () => {
    const days: Day[] = ['mon'];
    const onMondays = (from: string) => ({
      ...recording,
      mode: 'scheduled' as const,
      schedule: { timeZone: 'UTC', spans: [{ days, from, to: '24:00', mode: 'continuous' as const }] },
    });
    cameras[0] = camera('a', { recording: onMondays('08:00') });
    cameras[1] = camera('b', { recording: onMondays('09:00') });
    await openWith('a', 'b', 'c');
    expect(screen.getByTestId('bulk-schedules').textContent).toContain('stay as they are');
    await choose('fillGaps', 'On');
    expect((screen.getByTestId('bulk-save') as HTMLButtonElement).disabled).toBe(false);
    await choose('mainMode', 'Schedule');
    expect(screen.getByTestId('bulk-schedules').textContent).toContain('1 of them has no weekly schedule');
    expect((screen.getByTestId('bulk-save') as HTMLButtonElement).disabled).toBe(true);
    await userEvent.click(screen.getByTestId('bulk-one-schedule'));
    await screen.findByTestId('week-grid');
    await userEvent.click(screen.getByTestId('bulk-save'));
    await screen.findByText('3 cameras were changed.');
    const { spans } = onMondays('08:00').schedule;
    expect(sent.map(({ id, body }) => [id, body])).toEqual([
      ['a', { recording: { fillGaps: true } }],
      ['b', { recording: { schedule: { timeZone: 'UTC', spans }, fillGaps: true } }],
      [
        'c',
        { recording: { mode: 'scheduled', schedule: { timeZone: shownZoneName(), spans }, fillGaps: true } },
      ],
    ]);
  });

  it('cannot be chosen by who may not change them', async () => {
    cameras = [camera('a', { permissions: [] }), camera('b')];
    renderPage(<CamerasPage />);
    await userEvent.click(await screen.findByTestId('cameras-choose'));
    expect((screen.getByTestId('camera-choose-a') as HTMLInputElement).disabled).toBe(true);
    expect((await screen.findByTestId('cameras-bulk')).textContent).toBe('Change 1 camera');
  });
});

describe('applying to all', () => {
  const busy = new ApiProblem(429, 'too-many-requests', '', '', [], 2);
  const nothing = () => {};

  it('waits as long as a busy server says, and ends at some time', async () => {
    const paused: number[] = [];
    let tries = 0;
    const how = {
      save: async ({ id }: Camera) => {
        if (id === 'b' || ++tries < 3) {
          throw busy;
        }
      },
      pause: async (ms: number) => paused.push(ms),
      onOutcome: nothing,
      signal: new AbortController().signal,
    };
    const outcomes = await applyToAll([camera('a'), camera('b')], { enabled: false }, how);
    expect(outcomes.map(({ state }) => state)).toEqual(['changed', 'failed']);
    expect(paused).toEqual([2000, 2000, 2000, 2000, 2000, 2000]);
  });

  it('stops where it is broken off', async () => {
    const abort = new AbortController();
    let seen: Outcome[] = [];
    await applyToAll(
      [camera('a'), camera('b')],
      { enabled: false },
      {
        save: async () => abort.abort(),
        pause: async () => undefined,
        onOutcome: (all) => {
          seen = all;
        },
        signal: abort.signal,
      },
    );
    expect(seen.map(({ state }) => state)).toEqual(['changed', 'left']);
  });

  it('finds what is common to all, and nothing in none', () => {
    expect(commonOf([])).toEqual({});
    expect(commonOf([camera('a'), camera('b', { group: 'x' })])).not.toHaveProperty('group');
    expect(commonOf([camera('a', { group: 'x' }), camera('b', { group: 'x' })])).toMatchObject({
      group: 'x',
      volumes: [],
    });
  });
});
