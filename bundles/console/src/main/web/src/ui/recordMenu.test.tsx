// SPDX-License-Identifier: Apache-2.0
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../test/render';
import { api, camera, server, userWith, withServer } from '../../test/server';
import { useSession } from '../api/session';
import { RecordMenu } from './RecordMenu';

withServer();
const asRole = (role: string) => useSession.setState({ phase: 'active', user: userWith(role) });
beforeEach(() => asRole('operator'));

describe('recording by hand', () => {
  const asked: unknown[] = [];
  /** Lets the answer to what was asked go, in the order of asking. */
  const answers: (() => void)[] = [];
  const answerLater = async () => {
    await new Promise<void>((go) => answers.push(go));
    return new HttpResponse(null, { status: 204 });
  };
  const listen = () => {
    asked.length = 0;
    answers.length = 0;
    server.use(
      http.post(api('/api/v1/cameras/a/recording/start'), async ({ request }) => {
        asked.push(await request.json());
        return answerLater();
      }),
      http.post(api('/api/v1/cameras/a/recording/stop'), () => {
        asked.push('stop');
        return answerLater();
      }),
    );
  };
  const isDisabled = () => (screen.getByTestId('record-a') as HTMLButtonElement).disabled;

  it('is for a time, until it is stopped, and is stopped', async () => {
    listen();
    renderPage(<RecordMenu camera={camera('a')} />);
    for (const choice of ['record-600', 'record-open', 'record-stop']) {
      await userEvent.click(screen.getByTestId('record-a'));
      await userEvent.click(await screen.findByTestId(choice));
      await waitFor(() => expect(answers).toHaveLength(1));
      await waitFor(() => expect(isDisabled()).toBe(true));
      answers.shift()?.();
      await waitFor(() => expect(isDisabled()).toBe(false));
    }
    expect(asked).toEqual([{ durationSeconds: 600 }, {}, 'stop']);
  });

  it('is not offered to a viewer, nor for a camera that is switched off', () => {
    asRole('viewer');
    const { unmount } = renderPage(<RecordMenu camera={camera('a')} />);
    expect(screen.queryByTestId('record-a')).toBeNull();
    unmount();
    asRole('operator');
    renderPage(<RecordMenu camera={camera('a', { enabled: false })} />);
    expect(isDisabled()).toBe(true);
  });
});
