// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../mocks/fixtures';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { AlertSettings } from './AlertSettings';
import { clockOf, isNow, isQuiet, minutesOf, type QuietHours } from './quiet';

withServer();

const [MONDAY, FRIDAY, SATURDAY, SUNDAY] = [0, 4, 5, 6];
const BERLIN = 'Europe/Berlin';

const hours = (extra: Partial<QuietHours> = {}): QuietHours => ({
  id: 'q',
  days: [0, 1, 2, 3, 4, 5, 6],
  from: 22 * 60,
  to: 6 * 60,
  cameras: [],
  kinds: [],
  evenCritical: false,
  ...extra,
});

describe('quiet hours', () => {
  const at = (rule: QuietHours, time: string) => isNow(rule, Date.parse(time), BERLIN);

  it('are from a time to another on their days, by the clock on the wall', () => {
    const noon = hours({ days: [MONDAY], from: 12 * 60, to: 13 * 60 });
    // 2026-11-23 is a Monday.
    expect(at(noon, '2026-11-23T11:59:00+01:00')).toBe(false);
    expect(at(noon, '2026-11-23T12:00:00+01:00')).toBe(true);
    expect(at(noon, '2026-11-23T12:59:59+01:00')).toBe(true);
    expect(at(noon, '2026-11-23T13:00:00+01:00')).toBe(false);
    expect(at(noon, '2026-11-24T12:30:00+01:00')).toBe(false);
  });

  it('reach into the next day, of the day they began on', () => {
    const night = hours({ days: [FRIDAY, SATURDAY] });
    expect(at(night, '2026-11-27T22:00:00+01:00')).toBe(true);
    expect(at(night, '2026-11-29T05:59:00+01:00')).toBe(true);
    expect(at(night, '2026-11-29T06:00:00+01:00')).toBe(false);
    expect(at(night, '2026-11-27T05:00:00+01:00')).toBe(false);
    // Of Sunday's night into Monday.
    expect(at(hours({ days: [SUNDAY] }), '2026-11-30T01:00:00+01:00')).toBe(true);
  });

  it('are whole days from a time to the same', () => {
    const day = hours({ days: [SATURDAY], from: 0, to: 0 });
    expect(at(day, '2026-11-28T00:00:00+01:00')).toBe(true);
    expect(at(day, '2026-11-28T23:59:00+01:00')).toBe(true);
    expect(at(day, '2026-11-29T00:00:00+01:00')).toBe(false);
  });

  it('keep their ends when clocks are changed, the hour that is there twice being quiet twice', () => {
    const night = hours();
    // In autumn 03:00 becomes 02:00, so that the night has nine hours; in spring it has seven.
    for (const time of ['2026-10-24T22:00:00+02:00', '2026-10-25T02:30:00+02:00']) {
      expect(at(night, time)).toBe(true);
    }
    expect(at(night, '2026-10-25T02:30:00+01:00')).toBe(true);
    expect(at(night, '2026-10-25T05:59:00+01:00')).toBe(true);
    expect(at(night, '2026-10-25T06:00:00+01:00')).toBe(false);
    expect(at(night, '2026-03-28T22:00:00+01:00')).toBe(true);
    expect(at(night, '2026-03-29T05:59:00+02:00')).toBe(true);
    expect(at(night, '2026-03-29T06:00:00+02:00')).toBe(false);
    const twice = hours({ days: [SUNDAY], from: 2 * 60, to: 3 * 60 });
    expect(at(twice, '2026-10-25T02:00:00+02:00')).toBe(true);
    expect(at(twice, '2026-10-25T02:59:00+01:00')).toBe(true);
    expect(at(twice, '2026-10-25T03:00:00+01:00')).toBe(false);
  });

  it('are of cameras and kinds, and of what is critical only where that is said', () => {
    const atMs = Date.parse('2026-11-23T23:00:00Z');
    const quiet = (rule: Partial<QuietHours>, extra: object = {}) =>
      isQuiet(
        [hours(rule)],
        event('e', 1, { severity: 'warning', kind: 'camera.motion', ...extra }),
        atMs,
        'UTC',
      );
    expect(quiet({})).toBe(true);
    expect(quiet({ cameras: ['a'] })).toBe(true);
    expect(quiet({ cameras: ['b'] })).toBe(false);
    expect(quiet({ cameras: ['a'] }, { cameraId: undefined })).toBe(false);
    expect(quiet({ kinds: ['camera.motion'] })).toBe(true);
    expect(quiet({ kinds: ['camera.input'] })).toBe(false);
    expect(quiet({}, { severity: 'critical' })).toBe(false);
    expect(quiet({ evenCritical: true }, { severity: 'critical' })).toBe(true);
  });

  it('are typed as clocks show them', () => {
    expect(['22:00', '6:05', '24:00', '22.30'].map(minutesOf)).toEqual([1320, 365, 0, 1350]);
    expect(['', 'ten', '24:01', '12:60', '1200'].map(minutesOf)).toEqual(Array(5).fill(undefined));
    expect([clockOf(1320), clockOf(5)]).toEqual(['22:00', '00:05']);
  });
});

describe('settings of quiet hours', () => {
  const kept = () => JSON.parse(localStorage.getItem('nxvms.quiet') ?? '{}').state?.of ?? {};

  beforeEach(() => {
    useSession.setState({ phase: 'active', user: userWith('operator') });
    server.use(
      ...listing([camera('a', { name: 'Gate' })]),
      http.get(api('/api/v1/events/kinds'), () =>
        HttpResponse.json({ items: [{ kind: 'acme.door', form: 'pulse', severity: 'info', title: 'Door' }] }),
      ),
    );
  });

  it('are added, changed and removed, and kept for the user; nobody is told they work with the console closed', async () => {
    renderPage(<AlertSettings />);
    expect(screen.getByTestId('alerts').textContent).toContain('web push) do not exist yet');
    await userEvent.click(screen.getByTestId('quiet-add'));
    await screen.findByTestId('quiet-form');
    // Not on Sundays.
    await userEvent.click(screen.getByTestId(`quiet-day-${SUNDAY}`));
    await userEvent.clear(screen.getByTestId('quiet-from'));
    await userEvent.type(screen.getByTestId('quiet-from'), '25:00');
    expect((screen.getByTestId('quiet-save') as HTMLButtonElement).disabled).toBe(true);
    await userEvent.clear(screen.getByTestId('quiet-from'));
    await userEvent.type(screen.getByTestId('quiet-from'), '21:30');
    await userEvent.click(screen.getByTestId('quiet-cameras'));
    await userEvent.click(await screen.findByRole('option', { name: 'Gate' }));
    await userEvent.click(screen.getByTestId('quiet-save'));
    const line = await screen.findByTestId('quiet-line');
    expect(line.textContent).toContain('21:30–06:00 on the next day');
    expect(line.textContent).toContain(
      'Mon, Tue, Wed, Thu, Fri, Sat · Gate · Everything · except what is critical',
    );
    expect(kept().u1).toMatchObject([{ days: [0, 1, 2, 3, 4, 5], from: 1290, to: 360, cameras: ['a'] }]);

    await userEvent.click(screen.getByTestId('quiet-edit'));
    await userEvent.click(await screen.findByTestId('quiet-critical'));
    await userEvent.click(screen.getByTestId('quiet-save'));
    await waitFor(() => expect(kept().u1).toMatchObject([{ from: 1290, evenCritical: true }]));
    await userEvent.click(screen.getByTestId('quiet-remove'));
    expect(screen.queryByTestId('quiet-line')).toBeNull();
    expect(kept().u1).toEqual([]);
  });

  it('are of nobody else who uses this browser', async () => {
    const first = renderPage(<AlertSettings />);
    await userEvent.click(screen.getByTestId('quiet-add'));
    await userEvent.click(await screen.findByTestId('quiet-save'));
    await screen.findByTestId('quiet-line');
    first.unmount();
    useSession.setState({ user: { ...userWith('operator'), id: 'somebody-else' } });
    renderPage(<AlertSettings />);
    expect(screen.queryByTestId('quiet-line')).toBeNull();
  });
});
