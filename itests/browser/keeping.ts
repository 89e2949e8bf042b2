// SPDX-License-Identifier: Apache-2.0
// What a page keeps after its garbage was collected.
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';

/** Of which there is one for each connection, decoder or piece of film that somebody still has. */
const COUNTED = ['HTMLVideoElement', 'MediaSource', 'SourceBuffer', 'WebSocket', 'RTCPeerConnection', 'Worker', 'ImageBitmap'];

export interface Kept {
  atMs: number;
  heapMiB: number;
  /** Array buffers and what else lies outside of the heap and belongs to it. */
  buffersMiB: number;
  nodes: number;
  listeners: number;
  /** Seconds of film in the videos of the page. */
  filmS: number;
  /** Resident memory of the process that shows the page, media included: of its own, and shared with other processes. */
  ownMiB: number;
  sharedMiB: number;
  /** Of these and of the program's text, which all of the browser's processes have once: what `top` says. */
  residentMiB: number;
  [counted: string]: number;
}

export class Keeping {
  private constructor(
    private readonly page: Page,
    private readonly client: CDPSession,
  ) {}

  static async of(page: Page): Promise<Keeping> {
    return new Keeping(page, await page.context().newCDPSession(page));
  }

  /** @param counting with objects of each kind, which takes some seconds */
  async look(counting: boolean): Promise<Kept> {
    const { client, page } = this;
    // What is only held by what goes now goes at the second.
    for (let n = 0; n < 3; n++) {
      await client.send('HeapProfiler.collectGarbage');
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    }
    const heap = (await client.send('Runtime.getHeapUsage')) as unknown as Record<string, number>;
    const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
    const filmS = await page.evaluate(() =>
      [...document.querySelectorAll('video')].reduce((sum, { buffered }) => {
        let own = 0;
        for (let n = 0; n < buffered.length; n++) {
          own += buffered.end(n) - buffered.start(n);
        }
        return sum + own;
      }, 0),
    );
    const counted: Record<string, number> = {};
    for (const name of counting ? COUNTED : []) {
      counted[name] = await this.count(name);
    }
    return {
      atMs: Date.now(),
      heapMiB: ((heap.usedSize ?? 0) + (heap.embedderHeapUsedSize ?? 0)) / 2 ** 20,
      buffersMiB: (heap.backingStorageSize ?? 0) / 2 ** 20,
      nodes,
      listeners: jsEventListeners,
      filmS,
      ...(await this.process()),
      ...counted,
    };
  }

  private async count(name: string): Promise<number> {
    const { client } = this;
    const { result } = await client.send('Runtime.evaluate', { expression: `${name}.prototype`, objectGroup: 'keeping' });
    const { objects } = await client.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId ?? '',
      objectGroup: 'keeping',
    });
    const { result: length } = await client.send('Runtime.callFunctionOn', {
      functionDeclaration: 'function () { return this.length; }',
      objectId: objects.objectId ?? '',
      returnByValue: true,
    });
    await client.send('Runtime.releaseObjectGroup', { objectGroup: 'keeping' });
    return Number(length.value);
  }

  /** Of the renderers the largest: the browser keeps an empty one ready. */
  private async process(): Promise<Pick<Kept, 'ownMiB' | 'sharedMiB' | 'residentMiB'>> {
    const whole = this.page.context().browser();
    if (!whole) {
      return { ownMiB: 0, sharedMiB: 0, residentMiB: 0 };
    }
    const session = await whole.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const all = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => {
        const status = readFileSync(`/proc/${id}/status`, 'utf8');
        const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
        return { ownMiB: field('RssAnon'), sharedMiB: field('RssShmem'), residentMiB: field('VmRSS') };
      });
    return all.reduce((most, one) => (one.ownMiB > most.ownMiB ? one : most), { ownMiB: 0, sharedMiB: 0, residentMiB: 0 });
  }
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/**
 * The first and the last look, and how each figure goes on: the median of the slopes between any two looks, an hour. Of two
 * looks only what was added.
 */
export function growth(looks: readonly Kept[]): Record<string, unknown> {
  const first = looks[0] as Kept;
  const last = looks.at(-1) as Kept;
  const figures: Record<string, unknown> = { looks: looks.length, seconds: Math.round((last.atMs - first.atMs) / 1000) };
  for (const name of Object.keys(first).filter((one) => one !== 'atMs')) {
    const all = looks.filter((look) => look[name] !== undefined);
    const of = (look: Kept) => look[name] ?? 0;
    const slopes = all
      .flatMap((from, n) => all.slice(n + 1).map((to) => ((of(to) - of(from)) / (to.atMs - from.atMs)) * 3_600_000))
      .sort((a, b) => a - b);
    figures[name] =
      all.length > 2
        ? { first: rounded(of(first)), last: rounded(of(last)), anHour: rounded(slopes[Math.floor(slopes.length / 2)] ?? 0) }
        : { first: rounded(of(first)), last: rounded(of(last)), added: rounded(of(last) - of(first)) };
  }
  return figures;
}
