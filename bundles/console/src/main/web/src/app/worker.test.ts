// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const HOST = 'https://nvr.example';
const EMPTY = "const SHELL = { version: 'none', named: [], files: [] };";
const code = readFileSync('worker/sw.js', 'utf8');

interface Build {
  version: string;
  /** What its start page names. */
  entry: string;
}

const OLD: Build = { version: 'old', entry: '/console/assets/index-aaaaaaaa.js' };
const NEW: Build = { version: 'new', entry: '/console/assets/index-bbbbbbbb.js' };
const pageOf = ({ entry }: Build) => `<script src="${entry}"></script>`;

/** A browser's caches: by name, then by path. */
class Caches {
  readonly kept = new Map<string, Map<string, string>>();
  open = async (name: string) => {
    const of = this.kept.get(name) ?? new Map<string, string>();
    this.kept.set(name, of);
    return {
      addAll: async (requests: Request[]) => {
        const answers = await Promise.all(requests.map((request) => network(request)));
        if (answers.some((answer) => !answer.ok)) {
          throw new TypeError('one is missing');
        }
        for (const [n, request] of requests.entries()) {
          of.set(new URL(request.url).pathname, (await answers[n]?.text()) ?? '');
        }
      },
      match: async (asked: string | Request) => {
        const text = of.get(typeof asked === 'string' ? asked : new URL(asked.url).pathname);
        return text === undefined ? undefined : new Response(text);
      },
    };
  };
  keys = async () => [...this.kept.keys()];
  delete = async (name: string) => this.kept.delete(name);
}

let served: Build | undefined;
let caches: Caches;
let asked: string[];
let hanging: boolean;

/** The server: the files of one build at a time, and an API; nothing while it is away. */
async function network(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  asked.push(pathname);
  if (hanging) {
    return new Promise(() => undefined);
  }
  if (!served) {
    throw new TypeError('Failed to fetch');
  }
  if (pathname.startsWith('/console/assets/')) {
    return pathname === served.entry ? new Response('script') : new Response('no such file', { status: 404 });
  }
  return new Response(pathname.startsWith('/console/') ? pageOf(served) : '{}');
}

/** The worker of a build, as a browser runs it. */
function workerOf(build: Build) {
  const listeners = new Map<string, (event: unknown) => void>();
  const self = {
    location: new URL(`${HOST}/console/sw.js`),
    addEventListener: (type: string, listener: (event: unknown) => void) => listeners.set(type, listener),
    skipWaiting: async () => undefined,
  };
  const shell = { version: build.version, named: [build.entry], files: [build.entry] };
  // Requests of a page may be relative to it.
  class Asked extends Request {
    constructor(path: string, init?: RequestInit) {
      super(new URL(path, HOST), init);
    }
  }
  new Function(
    'self',
    'caches',
    'fetch',
    'Request',
    code.replace(EMPTY, `const SHELL = ${JSON.stringify(shell)};`),
  )(self, caches, network, Asked);
  const lives = async (type: string) => {
    const work: Promise<unknown>[] = [];
    listeners.get(type)?.({ waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  };
  return {
    install: async () => {
      await lives('install');
      await lives('activate');
    },
    /** What it answers; nothing when it leaves that to the browser. */
    fetch: (path: string, mode = 'cors', method = 'GET') => {
      let answer: Promise<Response> | undefined;
      const request = { url: new URL(path, HOST).href, mode, method };
      listeners.get('fetch')?.({
        request,
        respondWith: (given: Promise<Response>) => {
          answer = given;
        },
      });
      return answer;
    },
    open: async function (path: string) {
      return (await this.fetch(path, 'navigate'))?.text();
    },
  };
}

beforeEach(() => {
  served = OLD;
  caches = new Caches();
  asked = [];
  hanging = false;
});

describe('the service worker', () => {
  it('is what the build puts its list into', () => {
    expect(code).toContain(EMPTY);
  });

  it('opens the console without the server, whatever page was asked for', async () => {
    const worker = workerOf(OLD);
    await worker.install();
    served = undefined;
    expect(await worker.open('/console/playback/7?t=5')).toBe(pageOf(OLD));
    expect(await (await worker.fetch(OLD.entry))?.text()).toBe('script');
  });

  it('leaves the API, media, and whatever changes something to the browser', async () => {
    const worker = workerOf(OLD);
    await worker.install();
    asked = [];
    for (const path of [
      '/api/v1/cameras',
      '/media/v1/live/1/index.m3u8',
      '/ws/v1/live',
      '/',
      'https://other.example/',
    ]) {
      expect(worker.fetch(path)).toBeUndefined();
    }
    expect(worker.fetch('/console/', 'navigate', 'POST')).toBeUndefined();
    expect(worker.fetch('/console/sw.js')).toBeUndefined();
    expect(asked).toEqual([]);
    expect([...caches.kept.values()].flatMap((of) => [...of.keys()]).sort()).toEqual([
      '/console/',
      OLD.entry,
    ]);
  });

  it('shows the console that the server has, at once after it was exchanged', async () => {
    const old = workerOf(OLD);
    await old.install();
    served = NEW;
    expect(await old.open('/console/live')).toBe(pageOf(NEW));
    expect((await old.fetch(NEW.entry))?.status).toBe(200);
    await workerOf(NEW).install();
    expect(await caches.keys()).toEqual(['nxvms-shell-new']);
  });

  it('says what the server says of a part of the console that is gone, and does not hide it', async () => {
    const worker = workerOf(OLD);
    await worker.install();
    served = NEW;
    expect((await worker.fetch('/console/assets/LivePage-cccccccc.js'))?.status).toBe(404);
  });

  it('keeps nothing of two builds: where the page is another one already the old shell stays', async () => {
    await workerOf(OLD).install();
    const late = workerOf({ version: 'between', entry: NEW.entry });
    await expect(late.install()).rejects.toThrow();
    expect(await caches.keys()).toEqual(['nxvms-shell-old']);
    served = undefined;
    expect(await workerOf(OLD).open('/console/')).toBe(pageOf(OLD));
  });

  it('shows the shell when the server takes too long', async () => {
    const worker = workerOf(OLD);
    await worker.install();
    hanging = true;
    vi.useFakeTimers();
    try {
      const answer = worker.open('/console/live');
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await answer).toBe(pageOf(OLD));
    } finally {
      vi.useRealTimers();
    }
  });
});
