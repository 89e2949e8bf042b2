// SPDX-License-Identifier: Apache-2.0
// What the types refuse; the compiler fails where one of these is no error any more.
import type { CameraContext, ExtensionModule, Host, TimelineLaneProvider } from '../index';

export function misuse(host: Host, camera: CameraContext): void {
  // @ts-expect-error a lane is data, not an element
  host.registerTimelineLane('seen', host.tag('lane'));
  // @ts-expect-error a span begins at a number of milliseconds
  const lane: TimelineLaneProvider = { query: async () => [{ start: '2026-11-27T10:00:00Z' }] };
  host.registerTimelineLane('seen', lane);
  // @ts-expect-error what the console knows of itself is not to be changed
  host.extension.hash = '';
  // @ts-expect-error nor what it shows
  camera.cameraId = '';
  // @ts-expect-error a find is at a moment
  host.registerSearchAgent('seen', { find: async () => [{ cameraId: 'a', title: 'x' }] });
  // @ts-expect-error a target says when it has taken the package
  host.registerExportTarget('shelf', { take: () => undefined });
  // @ts-expect-error there is no way to the console's own modules
  host.react;
  // @ts-expect-error moments are numbers
  host.player.open(camera.cameraId, '2026-11-27T10:00:00Z');
}

// @ts-expect-error a module without activate is none
export const module: ExtensionModule = {};
