// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { camera, listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { CameraChoice } from './CameraChoice';

withServer();

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(...listing([camera('a'), camera('b'), camera('c')]));
});

/** As the page of playback: other cameras are another page. */
function Page({ first }: { first: string[] }) {
  const [chosen, setChosen] = useState(first);
  return (
    <div data-testid="page" data-chosen={chosen.join()}>
      <CameraChoice key={chosen.join()} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

it('stays open for several cameras, with what was typed, until it is closed', async () => {
  const { unmount } = renderPage(<Page first={['a']} />);
  await userEvent.click(screen.getByTestId('together-choice'));
  await userEvent.type(await screen.findByRole('textbox'), 'camera');
  await userEvent.click(await screen.findByTestId('together-camera-b'));
  await waitFor(() => expect(screen.getByTestId('page').dataset.chosen).toBe('a,b'));
  await userEvent.click(await screen.findByTestId('together-camera-c'));
  await waitFor(() => expect(screen.getByTestId('page').dataset.chosen).toBe('a,b,c'));
  expect(((await screen.findByRole('textbox')) as HTMLInputElement).value).toBe('camera');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('together-camera-c')).toBeNull());
  unmount();
  renderPage(<Page first={['a', 'b', 'c']} />);
  expect(screen.queryByTestId('together-camera-c'), 'of a page that is gone to anew').toBeNull();
});
