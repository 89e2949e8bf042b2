// SPDX-License-Identifier: Apache-2.0
// Another client than ours understands the simulated ONVIF device, so that what the driver is tried on is not only what we
// think of ONVIF: the package `onvif`, which logs in by WS-Security.
// Settings by environment: ONVIF_URL of the device, whose login is root, pass.
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Its own types leave out the options of operations whose callback may be left out.
type Client = Record<string, (...options: unknown[]) => Promise<any>>;
const { Cam } = createRequire(import.meta.url)('onvif/promises') as {
  Cam: new (options: Record<string, unknown>) => Client;
};

const device = new URL(process.env.ONVIF_URL ?? '');
const cam = new Cam({
  hostname: device.hostname,
  port: Number(device.port),
  username: 'root',
  password: 'pass',
  timeout: 30_000,
});

beforeAll(() => cam.connect());

afterAll(() => cam.stop({}));

it('says who it is and where its streams are', async () => {
  expect(await cam.getDeviceInformation()).toMatchObject({ manufacturer: 'NXvms', model: 'SIM-ONVIF' });
  expect((await cam.getStreamUri({ protocol: 'RTSP' })).uri).toMatch(/^rtsp:\/\/127\.0\.0\.1:\d+\/cam\/1\/main$/);
  expect((await cam.getSnapshotUri({})).uri).toContain('/onvif/snapshot/main.jpg');
});

it('moves, keeps positions and goes home', async () => {
  await cam.absoluteMove({ x: 0.5, y: 0.25, zoom: 0.5 });
  const { position } = await cam.getStatus({});
  expect(position.x).toBeCloseTo(0.5, 3);
  expect(position.y).toBeCloseTo(0.25, 3);
  const [kept] = await cam.setPreset({ presetName: 'Gate' });
  const token = kept.setPresetResponse[0].presetToken[0];
  expect((await cam.getPresets({})).Gate.$.token).toBe(token);
  await cam.gotoHomePosition({});
  expect((await cam.getStatus({})).position.x).toBeCloseTo(0, 3);
  await cam.gotoPreset({ preset: token });
  expect((await cam.getStatus({})).position.x).toBeCloseTo(0.5, 3);
  await cam.removePreset({ presetToken: token });
  expect(await cam.getPresets({})).not.toHaveProperty('Gate');
});

it('does what is no move', async () => {
  await cam.ptzSendAuxiliaryCommand({ data: 'tt:Wiper|On' });
  expect(await cam.getImagingSettings({})).toHaveProperty('brightness');
});

it('adds users, who log in, and takes them away', async () => {
  const names = async () => ((await cam.getUsers()) as { username: string }[]).map(({ username }) => username);
  await cam.createUsers([{ username: 'guard', password: 'Watch-9-gates', userLevel: 'User' }]);
  expect(await names()).toEqual(['root', 'guard']);
  const guard = new Cam({
    hostname: device.hostname,
    port: Number(device.port),
    username: 'guard',
    password: 'Watch-9-gates',
    timeout: 30_000,
  });
  await guard.connect();
  expect(await guard.getDeviceInformation()).toMatchObject({ model: 'SIM-ONVIF' });
  await expect(guard.createUsers([{ username: 'x', password: 'Watch-9-gates', userLevel: 'User' }])).rejects.toThrow();
  await cam.deleteUsers(['guard']);
  expect(await names()).toEqual(['root']);
});

it('sets a video encoder within its options and reads it back', async () => {
  const encoders = async () => (await cam.getVideoEncoderConfigurations()) as any[];
  const [before, sub] = await encoders();
  const configurationToken = before.$.token;
  const options = await cam.getVideoEncoderConfigurationOptions({ configurationToken });
  expect(options.encoding).toBe(before.encoding);
  expect(options.resolutionsAvailable).toContainEqual(before.resolution);
  const bitrateLimit = options.bitrateRange.min;
  await cam.setVideoEncoderConfiguration({
    ...before,
    $: { ...before.$, GovLength: 5 },
    rateControl: { ...before.rateControl, bitrateLimit },
  });
  const [set, other] = await encoders();
  expect(set.rateControl.bitrateLimit).toBe(bitrateLimit);
  expect(set.$.GovLength).toBe(5);
  expect(set.resolution).toEqual(before.resolution);
  expect(other).toEqual(sub);
  await cam.setVideoEncoderConfiguration(before);
  expect((await encoders())[0]).toEqual(before);
});

it('says its states to who pulls', async () => {
  await cam.createPullPointSubscription();
  const { notificationMessage } = await cam.pullMessages({ messageLimit: 100 });
  const topics = [notificationMessage].flat().map((message) => message.topic._);
  expect(topics).toContain('tns1:RuleEngine/CellMotionDetector/Motion');
  expect(topics).toContain('tns1:Device/Trigger/Relay');
  await cam.renew({});
  await cam.unsubscribe();
});
