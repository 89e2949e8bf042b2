// SPDX-License-Identifier: Apache-2.0
import type { Camera, Driver } from '../../api/types';

const schemeOf = (address: string) => /^([a-z][a-z0-9+.-]*):/i.exec(address.trim())?.[1]?.toLowerCase();

/** Whether it can be an address at all; what a driver makes of it is the server's to say. */
export function isAddress(text: string): boolean {
  const address = text.trim();
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(address);
}

/** Of several versions of a driver the one that serves: it is the one that is asked. */
export function servingDrivers(drivers: readonly Driver[]): Driver[] {
  const byId = new Map<string, Driver>();
  for (const driver of drivers) {
    if (driver.serves || !byId.has(driver.id)) {
      byId.set(driver.id, driver);
    }
  }
  return [...byId.values()];
}

/** Whether there is more than the host: a camera by its interface has none, a stream has its name there. */
const hasPath = (address: string) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(\/[^/?#]|\/?[?#])/i.test(address.trim());

/**
 * The driver for an address, while nobody has chosen one: of those that take its scheme the first whose own example has a path
 * where the address has one.
 */
export function driverOf(address: string, drivers: readonly Driver[]): Driver | undefined {
  const scheme = schemeOf(address);
  const taking = scheme ? drivers.filter((driver) => driver.addressSchemes.includes(scheme)) : [];
  return taking.find(({ addressHint }) => hasPath(addressHint ?? '') === hasPath(address)) ?? taking[0];
}

/** The driver that takes such an address, when the chosen one does not. */
export function driverFor(
  address: string,
  chosen: Driver | undefined,
  drivers: readonly Driver[],
): Driver | undefined {
  const scheme = schemeOf(address);
  if (!scheme || !chosen || chosen.addressSchemes.length === 0 || chosen.addressSchemes.includes(scheme)) {
    return undefined;
  }
  return driverOf(address, drivers);
}

/** User information and a slash at the end make no other camera of it. */
function bare(address: string): string {
  return address
    .trim()
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#]*)/i, (_all, scheme: string, host: string) =>
      (scheme + host).toLowerCase(),
    )
    .replace(/\/$/, '');
}

/** Another camera with this address. */
export function cameraAt(address: string, cameras: readonly Camera[], except?: string): Camera | undefined {
  const wanted = isAddress(address) ? bare(address) : undefined;
  return cameras.find((camera) => camera.id !== except && bare(camera.address) === wanted);
}
