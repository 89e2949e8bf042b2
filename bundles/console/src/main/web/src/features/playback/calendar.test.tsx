// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, server, withServer } from '../../../test/server';
import { FootageCalendar } from './FootageCalendar';

withServer();

const at = (month: number, day: number, hour = 0) => new Date(2026, month, day, hour).getTime();

function serve(spans: [number, number][]) {
  const asked: [number, number][] = [];
  server.use(
    http.get(api('/api/v1/timeline'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      const from = Number(query.get('from'));
      const to = Number(query.get('to'));
      asked.push([from, to]);
      const within = spans.filter(([start, end]) => start < to && end > from);
      return HttpResponse.json({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        bucketMs: 3_600_000,
        cameras: [{ cameraId: 'a', spans: within, gaps: [] }],
        bookmarks: [],
        bookmarksLeftOut: false,
      });
    }),
  );
  return asked;
}

async function loaded() {
  await waitFor(() => expect(screen.getByTestId('calendar-month').dataset.loaded).toBe('true'));
}

const recorded = () =>
  screen
    .getAllByRole('button')
    .filter((button) => button.dataset.recorded)
    .map((button) => button.textContent);

describe('the calendar', () => {
  it('is closed by Escape wherever the focus is', async () => {
    serve([]);
    renderPage(<FootageCalendar cameraId="a" position={() => at(10, 25, 9)} onGo={() => {}} />);
    await userEvent.click(screen.getByTestId('calendar'));
    await screen.findByTestId('calendar-month');
    await loaded();
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('calendar-month')).toBeNull());
  });

  it('marks the days with footage, and leads to the first of one', async () => {
    const gone: number[] = [];
    const asked = serve([
      [at(9, 30, 5), at(10, 1, 2)],
      [at(10, 20, 7), at(10, 21, 12)],
    ]);
    renderPage(<FootageCalendar cameraId="a" position={() => at(10, 25, 9)} onGo={(ms) => gone.push(ms)} />);
    await userEvent.click(screen.getByTestId('calendar'));
    await screen.findByTestId('calendar-month');
    await loaded();
    expect(asked[0]).toEqual([at(10, 1), at(11, 1)]);
    expect(recorded()).toEqual(['1', '20', '21']);
    expect(screen.getByTestId('calendar-day-25').getAttribute('aria-current')).toBe('date');
    expect((screen.getByTestId('calendar-day-25') as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByTestId('calendar-day-20').getAttribute('aria-label')).toContain('recorded');

    await userEvent.click(screen.getByTestId('calendar-before'));
    await loaded();
    await waitFor(() => expect(recorded()).toEqual(['30', '31']));
    await userEvent.click(screen.getByTestId('calendar-after'));
    await waitFor(() => expect(recorded()).toEqual(['1', '20', '21']));
    await userEvent.click(screen.getByTestId('calendar-day-20'));
    expect(gone).toEqual([at(10, 20, 7)]);
    await waitFor(() => expect(screen.queryByTestId('calendar-month')).toBeNull());
  });
});
