// SPDX-License-Identifier: Apache-2.0
// A camera that hides parts of its picture itself, at most four, as rectangles.
import { http } from 'msw';
import type { MaskSettings, PrivacyMask, PrivacyMaskOptions } from '../../src/api/privacyMasks';
import { at, ok, problem } from '../answers';
import type { World } from '../world';

const MASKS = '/api/v1/cameras/:id/privacy-masks';
const OPTIONS: PrivacyMaskOptions = {
  masksMax: 4,
  pointsMax: 4,
  rectangleOnly: true,
  kinds: ['color', 'pixelated'],
  anyColor: false,
  colors: ['#000000', '#808080', '#ffffff'],
  oneColor: false,
  streams: ['main', 'sub'],
};

export function privacyMasks(world: World) {
  let made = 0;
  const missing = () => problem(404, 'not-found', 'The camera has no such privacy mask.');
  return [
    http.get(at(MASKS), () => ok({ options: OPTIONS, items: world.privacyMasks })),
    http.post(at(MASKS), async ({ request }) => {
      if (world.privacyMasks.length >= OPTIONS.masksMax) {
        return problem(409, 'conflict', 'The camera has no place for more privacy masks. Remove one first.');
      }
      made += 1;
      const wanted = (await request.json()) as MaskSettings;
      const mask: PrivacyMask = { color: '#000000', ...wanted, token: `mask_${made}` };
      world.privacyMasks = [...world.privacyMasks, mask];
      return ok({ mask, differences: [] });
    }),
    http.patch(at(`${MASKS}/:token`), async ({ params, request }) => {
      const before = world.privacyMasks.find(({ token }) => token === params.token);
      if (!before) {
        return missing();
      }
      const mask = { ...before, ...((await request.json()) as Partial<MaskSettings>) };
      world.privacyMasks = world.privacyMasks.map((one) => (one === before ? mask : one));
      return ok({ mask, differences: [] });
    }),
    http.delete(at(`${MASKS}/:token`), ({ params }) => {
      world.privacyMasks = world.privacyMasks.filter(({ token }) => token !== params.token);
      return new Response(null, { status: 204 });
    }),
  ];
}
