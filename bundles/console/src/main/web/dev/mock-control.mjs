// SPDX-License-Identifier: Apache-2.0
// Plugins, versions of drivers and a camera that can be controlled, for the mock server.

const sha = 'ab'.repeat(32);
const version = (number) => ({
  version: number,
  title: 'Example cameras',
  vendor: 'Example Ltd',
  licence: 'Apache-2.0',
  permissions: ['(java.net.SocketPermission "*" "connect,resolve")'],
  conformance: { kit: '0.1.0', passed: 73, failed: 0, skipped: 2 },
  sha256: sha,
  from: 'upload',
  signer: { subject: 'CN=Example Ltd, O=Example', certificateSha256: sha },
  installed: '2026-11-24T09:12:00.000Z',
  by: 'admin',
});
const CAPABILITIES = ['ptz', 'ptz_presets', 'ptz_tours', 'imaging', 'io', 'audio_out', 'reboot'];
const axes = ['pan', 'tilt', 'zoom', 'focus'];
const ports = [
  { id: '1', name: 'Door contact', direction: 'input', on: false },
  { id: '3', name: 'Barrier', direction: 'output', on: true },
];
let presets = [
  { token: '1', name: 'Gate' },
  { token: '2', name: 'Loading bay' },
];
let imaging = { brightness: '50', wdr: 'true' };

/** What a driver says of each camera. */
export const device = {
  driverVersion: '2.1.0',
  identity: { manufacturer: 'Example', model: 'PTZ-2', firmware: '3.4.1', serialNumber: '0042' },
  capabilities: CAPABILITIES,
};

const imagingView = () => ({
  settings: [
    {
      name: 'brightness',
      type: 'integer',
      title: { en: 'Brightness', de: 'Helligkeit' },
      min: 0,
      max: 100,
      required: false,
    },
    { name: 'wdr', type: 'boolean', title: { en: 'Wide dynamic range' }, required: false },
  ],
  values: imaging,
  actions: [{ name: 'wipe', title: { en: 'Wipe the window', de: 'Scheibe wischen' } }],
});

/** @returns status and body; undefined for what is not of this file */
export function control(method, path, body, cameraId) {
  const at = path.replace(/^\/api\/v1\/cameras\/[^/]+/, '');
  if (path === '/api/v1/plugins') {
    const current = version('2.1.0');
    return [
      200,
      {
        items: [
          { name: 'com.example.cameras', state: 'active', detail: '', current, previous: version('2.0.3') },
        ],
      },
    ];
  }
  if (path === '/api/v1/plugins/trusted') {
    return [
      200,
      { items: [{ sha256: sha, subject: 'CN=Example Ltd, O=Example', expires: '2030-01-01T00:00:00.000Z' }] },
    ];
  }
  if (path === '/api/v1/plugins/receipts') {
    const frames = [
      { stream: { cameraId, role: 'main' }, before: 25, during: 41, after: 25, lost: 0, whole: true },
    ];
    const times = { begun: '2026-11-24T09:12:00.000Z', ended: '2026-11-24T09:12:01.640Z' };
    const windows = { beforeMs: 1000, duringMs: 1640, afterMs: 1000 };
    const what = {
      operation: 'update',
      plugin: 'com.example.cameras',
      from: '2.0.3',
      to: '2.1.0',
      by: 'admin',
    };
    const bundles = [{ id: 141, location: 'nxvms-plugin:b', installed: true }];
    return [
      200,
      {
        items: [
          {
            id: 'r1',
            ...what,
            ...times,
            outcome: 'done',
            detail: '',
            bundles,
            bundlesCompared: 118,
            windows,
            frames,
            signature: 'a.b.c',
          },
        ],
      },
    ];
  }
  if (at === '/ptz') {
    return [
      200,
      {
        spaces: axes.map((axis) => ({ motion: 'continuous', axis, min: -1, max: 1, unit: 'fraction' })),
        position: {},
      },
    ];
  }
  if (at === '/ptz/presets' && method === 'POST') {
    presets = [...presets, { token: String(presets.length + 1), name: body.name }];
    return [201, presets.at(-1)];
  }
  if (at === '/ptz/presets') {
    return [200, { items: presets }];
  }
  if (at === '/ptz/tours') {
    return [200, { items: [{ token: 't', name: 'Round', running: false }] }];
  }
  if (at === '/imaging') {
    imaging = { ...imaging, ...body?.values };
    return [200, imagingView()];
  }
  if (at === '/device/io') {
    return [200, { items: ports }];
  }
  if (at.startsWith('/device/io/')) {
    Object.assign(ports.find(({ id }) => at.endsWith(`/${id}`)) ?? {}, body);
    return [204];
  }
  if (at === '/talk') {
    return [200, { formats: [{ codec: 'pcmu', sampleRateHz: 8000, channels: 1 }] }];
  }
  return /^\/(ptz|device|imaging)\//.test(at) && method !== 'GET' ? [204] : undefined;
}
