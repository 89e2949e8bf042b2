// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import type { Host } from 'nxvms-console-host';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { element, extension, installed, noExtensions } from '../../../test/extensions';
import { api, server, userWith, withServer } from '../../../test/server';
import type { ExtensionInfo } from '../../api/extensions';
import { useSession } from '../../api/session';
import { navigatesBy } from './places';
import { ACTIVATION_MS_MAX, registeredFor, tryAgain } from './runtime';
import { contributionsTo, useExtensions } from './useExtensions';
import { refusal } from './version';

withServer();
beforeEach(() => {
  noExtensions();
  useSession.setState({ phase: 'active', user: userWith('operator') });
});
afterEach(() => installed());

const PAGE = { slot: 'nav.page', name: 'list' };

function page(of: ExtensionInfo) {
  const [first] = contributionsTo('nav.page', [of]);
  if (!first) {
    throw new Error('it has no page');
  }
  return first;
}

const faults = () => useExtensions.getState().faults.map(({ kind, message }) => `${kind}: ${message}`);

describe('an extension', () => {
  it('comes up once, when something of it is first to be shown, and ends when it goes', async () => {
    const told: string[] = [];
    const one = extension('plates', [PAGE], (host) => {
      told.push('activate');
      host.registerRoute(
        'list',
        element(host, 'page', () => 'plates'),
      );
      return () => told.push('dispose');
    });
    installed(one);
    expect(told).toEqual([]);
    const [first, second] = await Promise.all([registeredFor(page(one)), registeredFor(page(one))]);
    expect(first).toBe(second);
    expect(first).toEqual({ by: 'element', tag: `vx-plates-${one.hash}-page` });
    expect(told).toEqual(['activate']);
    installed();
    expect(told).toEqual(['activate', 'dispose']);
  });

  it('is exchanged for another version, which has elements of its own, and comes again with others', async () => {
    const told: string[] = [];
    const version = (name: string) =>
      extension('plates', [PAGE], (host) => {
        host.registerRoute(
          'list',
          element(host, 'page', () => name),
        );
        return () => told.push(`${name} ends`);
      });
    const old = version('old');
    const fresh = version('new');
    installed(old);
    const before = await registeredFor(page(old));
    installed(fresh);
    expect(told).toEqual(['old ends']);
    const after = await registeredFor(page(fresh));
    installed();
    installed(fresh);
    const again = await registeredFor(page(fresh));
    expect(new Set([before, after, again].map((one) => (one.by === 'element' ? one.tag : ''))).size).toBe(3);
    expect(again).toEqual({ by: 'element', tag: `vx-plates-${fresh.hash}-2-page` });
  });

  it('is exchanged forty times, and of those before nothing is left that hears anything', async () => {
    const TIMES = 40;
    const ended: number[] = [];
    const told: number[] = [];
    for (let n = 0; n <= TIMES; n++) {
      const version = extension('plates', [PAGE], (host) => {
        host.registerRoute(
          'list',
          element(host, 'page', () => `version ${n}`),
        );
        host.theme.subscribe(() => told.push(n));
        return () => ended.push(n);
      });
      installed(version);
      await registeredFor(page(version));
    }
    expect(ended).toEqual(Array.from({ length: TIMES }, (_, n) => n));
    document.documentElement.dataset.mantineColorScheme = 'light';
    await vi.waitFor(() => expect(told).toContain(TIMES));
    expect(told).toEqual([TIMES]);
    delete document.documentElement.dataset.mantineColorScheme;
  });

  it('ends what it subscribed, however often it ended it itself', async () => {
    const ended: string[] = [];
    let told = 0;
    const one = extension('plates', [PAGE], (host) => {
      host.registerRoute(
        'list',
        element(host, 'page', () => ''),
      );
      const own = host.theme.subscribe(() => told++);
      own();
      own();
      host.theme.subscribe(() => told++);
      return () => ended.push('end');
    });
    installed(one);
    await registeredFor(page(one));
    document.documentElement.dataset.mantineColorScheme = 'light';
    await vi.waitFor(() => expect(told).toBe(1));
    installed();
    document.documentElement.dataset.mantineColorScheme = 'dark';
    // Observers are told in their order: when this one is, the extension's would have been.
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => resolve());
      observer.observe(document.documentElement, { attributes: true });
      document.documentElement.dataset.seen = 'now';
    });
    expect(told).toBe(1);
    expect(ended).toEqual(['end']);
  });
});

describe('what does not come up', () => {
  it('is refused when it was written for another interface', async () => {
    const one = extension('plates', [PAGE], () => undefined, { apiVersion: '2.0' });
    installed(one);
    await expect(registeredFor(page(one))).rejects.toThrow(
      "It needs version 2.0 of the console's interface and this console has 1.1. Update the server",
    );
    expect(faults()).toHaveLength(1);
    expect(faults()[0]).toMatch(/^refused: It needs version 2\.0/);
  });

  it.each([
    ['1.0', '1.0', undefined],
    ['1.0', '1.4', undefined],
    ['1.5', '1.4', 'Update the server'],
    ['2.0', '1.4', 'Update the server'],
    ['1.4', '2.0', 'Take a newer version of the plugin'],
    ['one', '1.0', 'names no version'],
  ])('%s at %s', (wanted, has, words) => {
    const said = refusal(wanted, has);
    if (words === undefined) {
      expect(said).toBeUndefined();
    } else {
      expect(said).toContain(words);
    }
  });

  it.each<[string, (host: Host) => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
      'activate: Error: no database',
    ],
    ['rejects', () => Promise.reject(new Error('no answer')), 'activate: Error: no answer'],
    ['says nothing', () => undefined, 'activate: It registers nothing for its contribution list.'],
    [
      'registers it for another slot',
      (host) => host.registerCommand('list', { run: () => undefined }),
      'activate: TypeError: list is announced for nav.page and registered for command or live.tile.action',
    ],
    [
      'names an element that is not defined',
      (host) => host.registerRoute('list', host.tag('page')),
      'activate: TypeError: There is no element vx-plates-',
    ],
    [
      'names an element without the hash',
      (host) => host.registerRoute('list', 'plates-page'),
      'activate: TypeError: The element plates-page has no name of this version',
    ],
  ])('because it %s', async (_, activate, words) => {
    const one = extension('plates', [PAGE], activate);
    installed(one);
    await expect(registeredFor(page(one))).rejects.toThrow();
    expect(faults()).toHaveLength(1);
    expect(faults()[0]?.startsWith(words)).toBe(true);
  });

  it('because it adds to a slot that is not there', async () => {
    const one = extension('plates', [PAGE, { slot: 'live.sky', name: 'sky' }], () => undefined);
    installed(one);
    await expect(registeredFor(page(one))).rejects.toThrow('live.sky, which this console does not have');
  });

  it('because its module is not there', async () => {
    const one = extension('plates', [PAGE], () => undefined);
    server.use(http.get(api(one.entry), () => new HttpResponse(null, { status: 404 })));
    installed(one);
    await expect(registeredFor(page(one))).rejects.toThrow('is answered with 404');
    expect(faults()[0]).toContain('load: ');
  });

  it('because it takes longer than five seconds; what comes later is ended, and it may try again', async () => {
    let arrive: () => void = () => undefined;
    const ended: string[] = [];
    let calls = 0;
    const one = extension('plates', [PAGE], async (host) => {
      host.registerRoute(
        'list',
        element(host, 'page', () => ''),
      );
      if (++calls === 1) {
        await new Promise<void>((resolve) => {
          arrive = resolve;
        });
      }
      return () => ended.push(`end ${calls}`);
    });
    installed(one);
    const timer = vi.spyOn(globalThis, 'setTimeout');
    const asked = registeredFor(page(one));
    await vi.waitFor(() => expect(calls).toBe(1));
    const late = timer.mock.calls.find(([, ms]) => ms === ACTIVATION_MS_MAX)?.[0];
    late?.();
    await expect(asked).rejects.toThrow('within 5 seconds');
    expect(faults()).toEqual(['timeout: It did not come up within 5 seconds.']);
    tryAgain(one);
    expect(faults()).toEqual([]);
    arrive();
    await vi.waitFor(() => expect(ended).toEqual(['end 1']));
    expect(await registeredFor(page(one))).toEqual({ by: 'element', tag: `vx-plates-${one.hash}-2-page` });
  });

  it('is not tried again by itself, and another version forgets it', async () => {
    let calls = 0;
    const one = extension('plates', [PAGE], () => {
      calls++;
      throw new Error('bad');
    });
    installed(one);
    await expect(registeredFor(page(one))).rejects.toThrow('bad');
    await expect(registeredFor(page(one))).rejects.toThrow('bad');
    expect(calls).toBe(1);
  });
});

describe('faults of a running extension', () => {
  it('are told with its name, those of others are not', () => {
    const one = extension('plates', [PAGE], () => undefined);
    installed(one);
    const error = new Error('timer');
    error.stack = `Error: timer\n at http://localhost:3000${one.base}plates.js:1:1`;
    window.dispatchEvent(new ErrorEvent('error', { error, message: 'timer', filename: '' }));
    window.dispatchEvent(new ErrorEvent('error', { error, message: 'timer', filename: '' }));
    window.dispatchEvent(
      new ErrorEvent('error', { error: new Error('own'), message: 'own', filename: '/console/assets/x.js' }),
    );
    expect(useExtensions.getState().faults).toEqual([
      { id: 'plates', hash: one.hash, kind: 'part', message: 'Error: timer', count: 2 },
    ]);
  });
});

describe('the host', () => {
  async function hostOf(of = extension('plates', [PAGE], () => undefined)): Promise<Host> {
    let given: Host | undefined;
    const one = extension(
      'plates',
      [PAGE],
      (host) => {
        given = host;
        host.registerRoute(
          'list',
          element(host, 'page', () => ''),
        );
      },
      { texts: { en: { title: 'Plates', seen: 'Seen {{count}} of {{all}}' }, de: { title: 'Kennzeichen' } } },
    );
    installed(one, of);
    await registeredFor(page(one));
    if (!given) {
      throw new Error('it did not come up');
    }
    return given;
  }

  it('fetches as the user, with the header against forged requests, from this server alone', async () => {
    document.cookie = 'nxvms_csrf=token';
    const asked: string[] = [];
    server.use(
      http.all(api('/api/v1/cameras'), ({ request }) => {
        asked.push(
          `${request.method} ${request.headers.get('X-NXvms-CSRF')} ${request.headers.get('X-Own')}`,
        );
        return HttpResponse.json({ items: [] }, { status: request.method === 'POST' ? 403 : 200 });
      }),
    );
    const host = await hostOf();
    expect((await host.fetch('/api/v1/cameras', { headers: { 'X-Own': '1' } })).status).toBe(200);
    expect((await host.fetch('/api/v1/cameras', { method: 'POST', body: '{}' })).status).toBe(403);
    expect(asked).toEqual(['GET null 1', 'POST token null']);
    for (const path of [
      'https://example.org/api/v1/',
      '//example.org/api/v1/',
      '/console/',
      '/api/v1/../../console/',
    ]) {
      await expect(host.fetch(path)).rejects.toThrow('An extension fetches below');
    }
  });

  it('speaks the language of the user, and English where a text is missing', async () => {
    const host = await hostOf();
    expect(host.t('title')).toBe('Plates');
    expect(host.t('seen', { count: 3 })).toBe('Seen 3 of {{all}}');
    expect(host.t('unknown')).toBe('unknown');
  });

  it('goes to places of the console only', async () => {
    const host = await hostOf();
    const went: string[] = [];
    const end = navigatesBy((path) => went.push(path));
    host.navigate('/events');
    host.player.open('a', Date.UTC(2026, 10, 27));
    host.player.open('b');
    expect(went).toEqual(['/events', '/playback/a?t=2026-11-27T00:00:00.000Z', '/live']);
    expect(() => host.navigate('https://example.org')).toThrow('begins with a slash');
    expect(() => host.navigate('//example.org')).toThrow('begins with a slash');
    end();
  });

  it('says what the user may, and cannot be changed', async () => {
    useSession.setState({ user: { ...userWith('viewer'), permissions: ['view_live'] } });
    const host = await hostOf();
    expect(host.user.can('view_live')).toBe(true);
    expect(host.user.can('manage_plugins')).toBe(false);
    expect(() => Object.assign(host, { fetch: undefined })).toThrow();
    expect(() => Object.assign(host.user, { can: () => true })).toThrow();
  });
});
