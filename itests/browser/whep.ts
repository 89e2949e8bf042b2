// SPDX-License-Identifier: Apache-2.0
// A WHEP player in the page, with Chromium's own WebRTC; what it decodes is kept picture by picture.
import type { Page } from 'playwright-core';
import { type Sampled, teachSampling } from './frameStrip';

export interface Shown extends Sampled {
  rtpTimestamp: number;
  /** When it was decoded, of the wall clock. */
  atMs: number;
}

interface Scope {
  nxvmsSample(picture: VideoFrame): Sampled;
  nxvmsShown: Shown[];
  nxvmsPlayer: RTCPeerConnection;
  MediaStreamTrackProcessor: new (of: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
}

/** How a player comes, as if the network had let nothing else through. */
export interface Way {
  protocol: 'udp' | 'tcp';
  /** In the place of the server's own, on this machine. */
  port?: number;
}

/** Where an answer says that the server is on this machine. */
export const UDP_HERE = / udp \d+ 127\.0\.0\.1 (\d+) typ host/;

/**
 * Watches.
 *
 * @param choose is given the answer, and says by which way the player may come
 * @param through servers to be reached through
 * @returns the view's path
 */
export async function watchByWhep(
  page: Page,
  path: string,
  choose: (answer: string) => Promise<Way>,
  through?: RTCConfiguration,
): Promise<string> {
  await teachSampling(page);
  const view = await page.evaluate(async ([asked, configuration]) => {
    const scope = window as unknown as Scope;
    const player = new RTCPeerConnection(configuration);
    const { receiver } = player.addTransceiver('video', { direction: 'recvonly' });
    const sound = new Audio();
    sound.srcObject = new MediaStream([player.addTransceiver('audio', { direction: 'recvonly' }).receiver.track]);
    // Sound that nobody plays is not decoded.
    void sound.play();
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
        const atMs = performance.timeOrigin + performance.now();
        const { rtpTimestamp } = (picture as unknown as { metadata(): { rtpTimestamp: number } }).metadata();
        scope.nxvmsShown.push({ ...scope.nxvmsSample(picture), rtpTimestamp, atMs });
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
  }, [path, through] as const);
  await page.evaluate(
    (answer) => (window as unknown as Scope).nxvmsPlayer.setRemoteDescription({ type: 'answer', sdp: answer }),
    onlyBy(await choose(view.answer), view.answer),
  );
  return view.path;
}

function onlyBy({ protocol, port }: Way, answer: string): string {
  const isCandidate = (line: string) => line.startsWith('a=candidate:');
  const all = answer.split('\r\n').filter((line) => !isCandidate(line) || line.includes(` ${protocol} `));
  const here = port === undefined ? all : all.filter((line) => !isCandidate(line) || UDP_HERE.test(line));
  return here
    .map((line) => (isCandidate(line) && port !== undefined ? line.replace(/ \d+ typ host/, ` ${port} typ host`) : line))
    .join('\r\n');
}

/** What was decoded so far. */
export function shownByWhep(page: Page): Promise<Shown[]> {
  return page.evaluate(() => (window as unknown as Scope).nxvmsShown);
}

/** The same without what they show, for who asks often. */
export function timesByWhep(page: Page): Promise<{ atMs: number; rtpTimestamp: number }[]> {
  return page.evaluate(() =>
    (window as unknown as Scope).nxvmsShown.map(({ atMs, rtpTimestamp }) => ({ atMs, rtpTimestamp })),
  );
}

/** Whether the server has said that the view is over. */
export function isWhepClosed(page: Page): Promise<boolean> {
  return page.evaluate(
    () => (window as unknown as Scope).nxvmsPlayer.getReceivers()[0]?.transport?.state === 'closed',
  );
}

/** Servers that the answer to an offer names (RFC 9725 4.6); the view is ended again. */
export function iceServersOfWhep(page: Page, path: string): Promise<RTCIceServer[]> {
  return page.evaluate(async (asked) => {
    const player = new RTCPeerConnection();
    player.addTransceiver('video', { direction: 'recvonly' });
    const csrf = /nxvms_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
    const headers = { 'Content-Type': 'application/sdp', 'X-NXvms-CSRF': decodeURIComponent(csrf) };
    const answer = await fetch(asked, { method: 'POST', headers, body: (await player.createOffer()).sdp });
    player.close();
    if (answer.status !== 201) {
      throw new Error(`${answer.status} ${await answer.text()}`);
    }
    await fetch(answer.headers.get('Location') ?? '', { method: 'DELETE', headers });
    const links = (answer.headers.get('Link') ?? '').matchAll(
      /<([^>]+)>; rel="ice-server"(?:; username="([^"]+)"; credential="([^"]+)")?/g,
    );
    return [...links].map(([, urls, username, credential]) => ({ urls: urls ?? '', username, credential }));
  }, path);
}

/** The addresses that relays lend to a player. */
export function relaysFor(page: Page, configuration: RTCConfiguration): Promise<string[]> {
  return page.evaluate(async (through) => {
    const player = new RTCPeerConnection(through);
    player.addTransceiver('video', { direction: 'recvonly' });
    const found: string[] = [];
    const gathered = new Promise<void>((resolve) => {
      player.onicecandidate = ({ candidate }) => (candidate ? found.push(candidate.candidate) : resolve());
    });
    await player.setLocalDescription();
    await gathered;
    player.close();
    return found;
  }, configuration);
}

/** What kind of address of its own the player uses, as `relay`. */
export function ownSideOfWhep(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const stats = [...(await (window as unknown as Scope).nxvmsPlayer.getStats()).values()];
    const pair = stats.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
    return stats.find((one) => one.id === pair?.localCandidateId)?.candidateType as string | undefined;
  });
}

/** By which protocol pictures come. */
export function protocolOfWhep(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const stats = [...(await (window as unknown as Scope).nxvmsPlayer.getStats()).values()];
    const pair = stats.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
    return stats.find((one) => one.id === pair?.remoteCandidateId)?.protocol as string | undefined;
  });
}

/** What was heard so far: as what it came, and how loud it was in all (W3C webrtc-stats, totalAudioEnergy). */
export function heardByWhep(page: Page): Promise<{ codec?: string; energy: number }> {
  return page.evaluate(async () => {
    const stats = [...(await (window as unknown as Scope).nxvmsPlayer.getStats()).values()];
    const sound = stats.find((one) => one.type === 'inbound-rtp' && one.kind === 'audio');
    return {
      codec: stats.find((one) => one.id === sound?.codecId)?.mimeType as string | undefined,
      energy: Number(sound?.totalAudioEnergy ?? 0),
    };
  });
}

export function closeWhep(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as Scope).nxvmsPlayer.close());
}
