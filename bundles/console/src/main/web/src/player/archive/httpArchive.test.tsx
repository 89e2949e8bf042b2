// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { api, server, withServer } from '../../../test/server';
import { httpArchive } from './catalog';

withServer();

it('the archive gives files as they lie to who may listen, and to others the pictures alone', async () => {
  const asked: string[] = [];
  server.use(
    http.get(api('/media/v1/*'), ({ request }) => {
      const range = request.headers.get('Range');
      asked.push(`${new URL(request.url).pathname}${range ? ` ${range}` : ''}`);
      return new HttpResponse(new Uint8Array(3), { status: range ? 206 : 200 });
    }),
  );
  const { signal } = new AbortController();
  const whole = httpArchive('gate', 'main', true);
  await whole.init('i');
  await whole.bytes('s', 100, 50, signal);
  await whole.sound?.init('i');
  await whole.sound?.bytes('s', 100, 50, signal);
  const pictures = httpArchive('gate', 'main', false);
  await pictures.init('i');
  await pictures.bytes('s', 100, 50, signal);
  expect(pictures.sound).toBeUndefined();
  expect(asked).toEqual([
    '/media/v1/init/i',
    '/media/v1/segments/s bytes=100-149',
    '/media/v1/init/i-a',
    '/media/v1/tracks/s/a/100-50.m4s',
    '/media/v1/init/i-v',
    '/media/v1/tracks/s/v/100-50.m4s',
  ]);
});
