// SPDX-License-Identifier: Apache-2.0

import type { Report } from 'virtual:nxvms-verifier';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '../../../../test/render';
import { api, server, userWith, withServer } from '../../../../test/server';
import { useSession } from '../../../api/session';
import type { Told } from './useVerifier';
import { VerifyPage } from './VerifyPage';

withServer();

/** The thread that reads; what it says is said by the test. */
class Thread {
  static all: Thread[] = [];
  onmessage?: (message: { data: Told }) => void;
  given: unknown;
  ended = false;
  constructor() {
    Thread.all.push(this);
  }
  postMessage(what: unknown) {
    this.given = what;
  }
  terminate() {
    this.ended = true;
  }
  says(data: Told) {
    act(() => this.onmessage?.({ data }));
  }
}

const REPORT: Report = {
  faults: [],
  keyId: 'ours',
  manifest: {
    exportId: 'e1',
    created: '2026-11-25T19:00:00.000Z',
    createdBy: 'olga',
    server: { name: 'Site A' },
    cameras: [
      { name: 'Gate', gaps: [] },
      { name: 'Yard', gaps: [] },
    ],
  },
};

beforeEach(() => {
  Thread.all = [];
  vi.stubGlobal('Worker', Thread);
  vi.stubGlobal('isSecureContext', true);
  useSession.setState({ phase: 'active', user: userWith('operator') });
  server.use(http.get(api('/api/v1/archive/keys'), () => HttpResponse.json({ items: [{ id: 'ours' }] })));
});
afterEach(() => vi.unstubAllGlobals());

async function choose(name: string): Promise<Thread> {
  await screen.findByTestId('verify-file');
  const input = document.querySelector('input[type="file"]') as HTMLInputElement;
  await userEvent.upload(input, new File(['zip'], name, { type: 'application/zip' }));
  const thread = Thread.all.at(-1);
  if (!thread) {
    throw new Error('no thread reads');
  }
  return thread;
}

const verdict = async () => (await screen.findByTestId('verify-verdict')).dataset.verdict;

describe('verifying an export', () => {
  it('tells how far it is, that nothing was altered and what it is', async () => {
    renderPage(<VerifyPage />);
    const thread = await choose('export.zip');
    expect((thread.given as File).name).toBe('export.zip');
    thread.says({ kind: 'progress', part: 0.25 });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    thread.says({ kind: 'done', report: REPORT });
    expect(await verdict()).toBe('intact');
    const facts = within(screen.getByTestId('verify-facts'));
    expect(facts.getByText('ours (of this server)')).toBeTruthy();
    expect(facts.getByText('Gate, Yard')).toBeTruthy();
  });

  it('tells of a signature that is not of this server', async () => {
    renderPage(<VerifyPage />);
    (await choose('export.zip')).says({ kind: 'done', report: { ...REPORT, keyId: 'theirs' } });
    expect(await verdict()).toBe('foreign');
    expect(screen.getByText('theirs (not of this server)')).toBeTruthy();
  });

  it('tells what is wrong, file by file', async () => {
    renderPage(<VerifyPage />);
    const fault = { kind: 'altered', file: 'gate.mp4', detail: 'gate.mp4 was altered.' };
    (await choose('export.zip')).says({ kind: 'done', report: { ...REPORT, faults: [fault] } });
    expect(await verdict()).toBe('altered');
    expect(within(screen.getByTestId('verify-faults')).getByText(/gate\.mp4 was altered/)).toBeTruthy();
  });

  it('calls what is no package no forgery, and says what it is', async () => {
    renderPage(<VerifyPage />);
    const fault = { kind: 'locked', file: '', detail: 'It is locked with a password.' };
    (await choose('locked.zip')).says({ kind: 'done', report: { faults: [fault], keyId: '' } });
    expect(await verdict()).toBe('other');
    expect(within(screen.getByTestId('verify-faults')).getByText(/locked with a password/)).toBeTruthy();
    expect(screen.getByTestId('verify-facts').textContent).toBe('');
  });

  it('tells what of the pictures is not as it was recorded', async () => {
    renderPage(<VerifyPage />);
    const moment = { from: '2026-11-25T18:00:00.000Z', to: '2026-11-25T18:00:01.200Z' };
    const says = {
      reason: '',
      exact: true,
      sound: false,
      written: { text: 'for the police', time: true, user: false },
      masks: 2,
      encoded: Array.from({ length: 12 }, () => ({ camera: 'Gate', ...moment })),
    };
    const thread = await choose('export.zip');
    thread.says({ kind: 'done', report: { ...REPORT, says } });
    expect(await verdict()).toBe('intact');
    const row = (name: string) => screen.getByRole('row', { name: new RegExp(`^${name}`) }).textContent ?? '';
    expect(row('Beginning and end')).toContain('cut exactly');
    expect(row('Sound')).toContain('without sound');
    expect(row('Written into the pictures')).toContain('for the police, the time');
    expect(row('Hidden parts of pictures')).toContain('2');
    expect(row('Encoded anew').match(/Gate/g)).toHaveLength(10);
    expect(row('Encoded anew')).toContain('and 2 more');
    thread.says({ kind: 'done', report: { ...REPORT, says: { ...says, encoded: [] } } });
    expect(row('Encoded anew')).toContain('no picture');
  });

  it('stands whatever somebody wrote into the package', async () => {
    renderPage(<VerifyPage />);
    const odd = { exportId: {}, created: 'yesterday', cameras: 'all', order: { from: 7 }, server: [] };
    const manifest = odd as unknown as Report['manifest'];
    const fault = { kind: 'odd', file: '', detail: 'It is odd.' };
    (await choose('export.zip')).says({ kind: 'done', report: { keyId: '', faults: [fault], manifest } });
    expect(await verdict()).toBe('altered');
    expect(screen.getByTestId('verify-facts').textContent).toBe('');
  });

  it('is of the package that was chosen last, and fails in words', async () => {
    renderPage(<VerifyPage />);
    const first = await choose('one.zip');
    const second = await choose('two.zip');
    expect(first.ended).toBe(true);
    second.says({ kind: 'failed', why: 'it could not be opened' });
    expect((await screen.findByTestId('verify-failed')).textContent).toContain('it could not be opened');
  });

  it('says what else to do where a browser cannot check signatures', async () => {
    vi.stubGlobal('isSecureContext', false);
    renderPage(<VerifyPage />);
    expect((await screen.findByTestId('verify-insecure')).textContent).toContain('verify.html');
  });
});
