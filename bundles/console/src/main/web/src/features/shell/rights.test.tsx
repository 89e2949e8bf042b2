// SPDX-License-Identifier: Apache-2.0
import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import type { ReactNode } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { api, camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { EventsPage } from '../events/EventsPage';
import { HealthPage } from '../health/HealthPage';
import { LivePage } from '../live/LivePage';
import { TileActions } from '../live/TileActions';
import { PlaybackPage } from '../playback/PlaybackPage';
import { VolumesPage } from '../volumes/VolumesPage';
import { PageNav } from './PageNav';

withServer();

/** Of each role, which pages stand in the header. */
const NAVIGATION: [role: string, pages: string[]][] = [
  ['administrator', ['live', 'playback', 'events', 'cameras', 'volumes', 'health']],
  ['operator', ['live', 'playback', 'events', 'cameras', 'volumes', 'health']],
  ['viewer', ['live', 'playback', 'events', 'cameras']],
  ['guest', ['live', 'cameras']],
];

const GUARDED: [name: string, page: ReactNode, role: string][] = [
  ['playback', <PlaybackPage key="p" />, 'guest'],
  ['events', <EventsPage key="e" />, 'guest'],
  ['volumes', <VolumesPage key="v" />, 'viewer'],
  ['health', <HealthPage key="h" />, 'viewer'],
];

let asked: string[];

beforeEach(() => {
  asked = [];
  server.use(
    ...listing([]),
    http.get(api('/api/v1/*'), ({ request }) => {
      asked.push(new URL(request.url).pathname);
      return HttpResponse.json({ items: [] });
    }),
  );
});

describe('who may not see a page', () => {
  it.each(NAVIGATION)('is not led there: %s', (role, pages) => {
    useSession.setState({ phase: 'active', user: userWith(role) });
    renderPage(<PageNav />);
    expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(
      pages.map((page) => `/${page}`),
    );
  });

  it.each(GUARDED)('is told so there, and nothing is asked for: %s', async (name, page, role) => {
    useSession.setState({ phase: 'active', user: userWith(role) });
    renderPage(page);
    expect(screen.getByTestId(`${name}-forbidden`).textContent).not.toBe('');
    // What the page asked for was asked before.
    await fetch(api('/api/v1/last'));
    expect(asked).toEqual(['/api/v1/last']);
  });

  it('sees a wall without layouts, and nobody is asked for any', async () => {
    for (const [role, expected] of [
      ['guest', false],
      ['viewer', true],
    ] as const) {
      asked = [];
      useSession.setState({ phase: 'active', user: userWith(role) });
      const { unmount } = renderPage(<LivePage />);
      await screen.findByTestId('wall');
      await expect.poll(() => asked.includes('/api/v1/layouts')).toBe(expected);
      await fetch(api('/api/v1/last'));
      expect({ role, menu: screen.queryByTestId('layouts') !== null }).toEqual({ role, menu: expected });
      expect({ role, asked: asked.includes('/api/v1/layouts') }).toEqual({ role, asked: expected });
      unmount();
    }
  });

  it('has no way to footage at a camera without that right', () => {
    const shown = (permissions: string[]) => {
      const { unmount } = renderPage(
        <TileActions
          camera={camera('gate', { permissions })}
          cell={0}
          maximised={false}
          listening={false}
          following={false}
          onPicture={() => undefined}
          onReplay={() => undefined}
        />,
      );
      const labels = screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'));
      unmount();
      return labels;
    };
    const all = shown(['view_live', 'view_archive']);
    const some = shown(['view_live']);
    expect(all.filter((label) => !some.includes(label))).toEqual(['10 seconds back (R)', 'Playback (P)']);
  });
});
