// SPDX-License-Identifier: Apache-2.0
// A WHEP player in the page, with Chromium's own WebRTC; what it decodes is kept picture by picture.
import type { Page } from 'playwright-core';
import { type Sampled, teachSampling } from './frameStrip';

export interface Shown extends Sampled {
  rtpTimestamp: number;
}

interface Scope {
  nxvmsSample(picture: VideoFrame): Sampled;
  nxvmsShown: Shown[];
  nxvmsPlayer: RTCPeerConnection;
  MediaStreamTrackProcessor: new (of: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
}

/** Watches; only by candidates of this protocol, as where a network lets nothing else through. @returns the view's path */
export async function watchByWhep(page: Page, path: string, protocol: 'udp' | 'tcp'): Promise<string> {
  await teachSampling(page);
  const view = await page.evaluate(async (asked) => {
    const scope = window as unknown as Scope;
    const player = new RTCPeerConnection();
    const { receiver } = player.addTransceiver('video', { direction: 'recvonly' });
    scope.nxvmsShown = [];
    scope.nxvmsPlayer = player;
    // Decoded pictures themselves: what a video element paints may be another picture than the one that it tells of.
    const { readable } = new scope.MediaStreamTrackProcessor({ track: receiver.track });
    void (async () => {
      for (const reader = readable.getReader(); ; ) {
        const { value: picture, done } = await reader.read();
        if (done || !picture) {
          return;
        }
        const { rtpTimestamp } = (picture as unknown as { metadata(): { rtpTimestamp: number } }).metadata();
        scope.nxvmsShown.push({ ...scope.nxvmsSample(picture), rtpTimestamp });
        picture.close();
      }
    })();
    await player.setLocalDescription();
    const csrf = /nxvms_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
    const answer = await fetch(asked, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', 'X-NXvms-CSRF': decodeURIComponent(csrf) },
      body: player.localDescription?.sdp,
    });
    if (answer.status !== 201) {
      throw new Error(`${answer.status} ${await answer.text()}`);
    }
    return {
      path: new URL(answer.headers.get('Location') ?? '', location.href).pathname,
      answer: await answer.text(),
    };
  }, path);
  await page.evaluate(
    (answer) => (window as unknown as Scope).nxvmsPlayer.setRemoteDescription({ type: 'answer', sdp: answer }),
    onlyBy(protocol, view.answer),
  );
  return view.path;
}

function onlyBy(protocol: string, answer: string): string {
  return answer
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate:') || line.includes(` ${protocol} `))
    .join('\r\n');
}

/** What was decoded so far. */
export function shownByWhep(page: Page): Promise<Shown[]> {
  return page.evaluate(() => (window as unknown as Scope).nxvmsShown);
}

/** Whether the server has said that the view is over. */
export function isWhepClosed(page: Page): Promise<boolean> {
  return page.evaluate(
    () => (window as unknown as Scope).nxvmsPlayer.getReceivers()[0]?.transport?.state === 'closed',
  );
}

/** By which protocol pictures come. */
export function protocolOfWhep(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const stats = [...(await (window as unknown as Scope).nxvmsPlayer.getStats()).values()];
    const pair = stats.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
    return stats.find((one) => one.id === pair?.remoteCandidateId)?.protocol as string | undefined;
  });
}

export function closeWhep(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as Scope).nxvmsPlayer.close());
}
