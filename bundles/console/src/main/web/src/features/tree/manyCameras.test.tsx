// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { CameraTree } from './CameraTree';

withServer();
const CAMERAS = 5_000;
/** What fits into the height that tests have, and some beyond. */
const LINES_MAX = 60;

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(
    ...listing(
      Array.from({ length: CAMERAS }, (_, n) =>
        camera(`c${n}`, { name: `Camera ${n}`, group: `House ${n % 5}/Floor ${n % 50}` }),
      ),
    ),
  );
});

it('a tree of thousands of cameras has only the lines in view, and finds one as it is typed', async () => {
  renderPage(<CameraTree />);
  await waitFor(() => expect(screen.getAllByRole('treeitem').length).toBeGreaterThan(10));
  expect(screen.getAllByRole('treeitem').length).toBeLessThan(LINES_MAX);
  await userEvent.type(screen.getByTestId('tree-filter'), '4321');
  await screen.findByTestId('tree-camera-c4321');
  await waitFor(() => expect(screen.getAllByRole('treeitem')).toHaveLength(5));
});
