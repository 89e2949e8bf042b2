// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, server, withServer } from '../../../test/server';
import { startClocks } from '../../ui/zone';
import { FootageCalendar } from '../playback/FootageCalendar';
import { GoTo } from '../playback/GoTo';
import { TimeField } from '../playback/TimeField';
import { ClockSettings } from './ClockSettings';

withServer();
afterEach(() => {
  localStorage.clear();
  startClocks();
});

/** In New York the day before, and winter by an hour less than the summer that ended on it. */
const MOMENT = Date.UTC(2026, 10, 2, 3, 30);

const health = (timeZone?: string) =>
  server.use(
    http.get(api('/api/v1/health'), () =>
      HttpResponse.json({ status: 'up', ready: true, version: '1', timeZone, parts: [] }),
    ),
    http.get(api('/api/v1/timeline'), () =>
      HttpResponse.json({ cameras: [], bookmarks: [], bookmarksLeftOut: false }),
    ),
  );

it("times are the browser's or the server's as chosen, named and typed so, without the page being opened anew", async () => {
  health('America/New_York');
  const gone: number[] = [];
  renderPage(
    <>
      <ClockSettings />
      <GoTo cameraId="c" position={() => MOMENT} field={{ current: null }} onGo={(ms) => gone.push(ms)} />
      <TimeField label="From" value={MOMENT} onChange={() => undefined} testId="from" />
      <FootageCalendar cameraId="c" position={() => MOMENT} onGo={() => undefined} />
    </>,
  );
  const typed = () => screen.getByTestId<HTMLInputElement>('goto-time');
  const from = () => screen.getByTestId<HTMLInputElement>('from');
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('clocks-server').disabled).toBe(false));
  expect([typed().value, from().value]).toEqual(['2026-11-02 03:30:00', '2026-11-02 03:30:00']);
  expect(screen.getByTestId('goto-zone').textContent).toMatch(/^GMT(\+0)?$/);

  await userEvent.click(screen.getByTestId('clocks-server'));
  await waitFor(() => expect(typed().value).toBe('2026-11-01 22:30:00'));
  expect(from().value).toBe('2026-11-01 22:30:00');
  expect(screen.getByTestId('goto-zone').textContent).toBe('GMT-5');
  expect(screen.getByText('America/New_York, GMT-5')).toBeTruthy();

  await userEvent.clear(typed());
  await userEvent.type(typed(), '2026-10-31 12:00{Enter}');
  expect(gone).toEqual([Date.UTC(2026, 9, 31, 16)]);

  await userEvent.click(screen.getAllByTestId('calendar')[1] as HTMLElement);
  await screen.findByTestId('calendar-month');
  expect(screen.getByTestId('calendar-day-1').getAttribute('aria-current')).toBe('date');
  expect(screen.getByTestId('zone-note').textContent).toContain('America/New_York');

  await userEvent.keyboard('{Escape}');
  await userEvent.click(screen.getByTestId('clocks-browser'));
  await waitFor(() => expect(from().value).toBe('2026-11-02 03:30:00'));
});

it('the clocks of a server that does not say where it is cannot be chosen', async () => {
  health();
  renderPage(<ClockSettings />);
  await screen.findByText('Of the server, which has not said where it is');
  expect(screen.getByTestId<HTMLInputElement>('clocks-server').disabled).toBe(true);
});
