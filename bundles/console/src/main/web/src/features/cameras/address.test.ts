// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { camera, DRIVER } from '../../../test/server';
import { cameraAt, driverFor, driverOf, isAddress } from './address';

const URL_DRIVER = { ...DRIVER, id: 'url', name: 'Stream by URL', addressSchemes: ['http', 'https', 'file'] };
const DRIVERS = [DRIVER, URL_DRIVER];
const ONVIF = {
  ...DRIVER,
  id: 'onvif',
  addressHint: 'http://192.0.2.10',
  addressSchemes: ['http', 'https'],
};
const ALL = [ONVIF, DRIVER, { ...URL_DRIVER, addressHint: 'http://192.0.2.10/video.mjpg' }];

describe('a typed address', () => {
  it('has a scheme and no spaces', () => {
    expect(['rtsp://192.0.2.9/1', ' http://cam/ ', 'file:///media/a.mp4'].every(isAddress)).toBe(true);
    expect(['hello world', '192.0.2.9', 'rtsp://', 'rtsp://a b/'].some(isAddress)).toBe(false);
  });

  it('that another driver takes leads to that driver', () => {
    expect(driverFor('http://192.0.2.9/v.mjpg', DRIVER, DRIVERS)?.id).toBe('url');
    expect(driverFor('rtsp://192.0.2.9/1', DRIVER, DRIVERS)).toBeUndefined();
    expect(driverFor('gopher://192.0.2.9/', DRIVER, DRIVERS)).toBeUndefined();
    expect(driverFor('192.0.2.9', DRIVER, DRIVERS)).toBeUndefined();
  });

  it('chooses among drivers by its scheme, then by whether it names more than the host', () => {
    const chosen = (address: string) => driverOf(address, ALL)?.id;
    expect(chosen('rtsp://192.0.2.9/1')).toBe('rtsp');
    expect(chosen('rtsp://192.0.2.9')).toBe('rtsp');
    expect(['http://192.0.2.9', 'https://cam.example:8443/', 'HTTP://192.0.2.9'].map(chosen)).toEqual([
      'onvif',
      'onvif',
      'onvif',
    ]);
    expect(['http://192.0.2.9/v.mjpg', 'http://cam/?stream=2', 'file:///media/a.mp4'].map(chosen)).toEqual([
      'url',
      'url',
      'url',
    ]);
    expect(['192.0.2.9', '', 'gopher://192.0.2.9/'].map(chosen)).toEqual([undefined, undefined, undefined]);
    expect(driverOf('http://192.0.2.9/v.mjpg', [ONVIF])?.id).toBe('onvif');
  });

  it('is known when a camera has it, whoever signs in and however the host is written', () => {
    const cameras = [camera('a', { address: 'rtsp://Cam.example:554/Main' })];
    expect(cameraAt('RTSP://user:secret@cam.example:554/Main/', cameras)?.id).toBe('a');
    expect(cameraAt('rtsp://cam.example:554/main', cameras)).toBeUndefined();
    expect(cameraAt('rtsp://cam.example:554/Main', cameras, 'a')).toBeUndefined();
    expect(cameraAt('hello', [camera('b', { address: 'hello' })])).toBeUndefined();
  });
});
