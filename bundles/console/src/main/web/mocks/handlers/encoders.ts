// SPDX-License-Identifier: Apache-2.0
// A camera whose encoders can be set, and which rounds bit rates: what was asked for is not always what it has.
import { http } from 'msw';
import type { EncoderSettings, VideoEncoder } from '../../src/api/encoders';
import { at, ok, page, problem } from '../answers';
import type { World } from '../world';

const ENCODERS = '/api/v1/cameras/:id/encoders';
const BITRATE_STEP_KBPS = 256;

const OPTIONS: VideoEncoder['options'] = [
  {
    codec: 'h264',
    resolutions: [
      { width: 1920, height: 1080 },
      { width: 1280, height: 720 },
      { width: 640, height: 360 },
    ],
    frameRates: [25, 12.5, 5],
    bitrateKbps: { min: 64, max: 8192 },
    constantBitrate: true,
    quality: { min: 0, max: 10 },
    keyFrameInterval: { min: 1, max: 250 },
    profiles: ['Baseline', 'Main', 'High'],
  },
];

export function encoders(world: World) {
  const all = (): VideoEncoder[] =>
    Object.entries(world.encoders).map(([stream, settings]) => ({
      token: `encoder_${stream}`,
      name: stream,
      streams: [stream],
      settings,
      options: OPTIONS,
    }));
  return [
    http.get(at(ENCODERS), () => page(all())),
    http.patch(at(`${ENCODERS}/:token`), async ({ params, request }) => {
      const stream = String(params.token).replace('encoder_', '');
      const before = world.encoders[stream];
      if (!before) {
        return problem(404, 'not-found', 'The camera has no such video encoder.');
      }
      const wanted = (await request.json()) as Partial<EncoderSettings>;
      const settings = { ...before, ...wanted };
      const asked = settings.bitrateKbps ?? 0;
      settings.bitrateKbps = Math.max(64, Math.floor(asked / BITRATE_STEP_KBPS) * BITRATE_STEP_KBPS);
      world.encoders = { ...world.encoders, [stream]: settings };
      const got = String(settings.bitrateKbps);
      const differences =
        settings.bitrateKbps === asked ? [] : [{ field: 'bitrateKbps', wanted: String(asked), got }];
      return ok({ settings, differences });
    }),
  ];
}
