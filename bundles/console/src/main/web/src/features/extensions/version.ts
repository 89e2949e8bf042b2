// SPDX-License-Identifier: Apache-2.0

/** Of what the console offers to extensions: sdk/console-host. */
export const HOST_VERSION = '1.1';

/** Why an extension for another version is refused; undefined when it is not. */
export function refusal(wanted: string, has = HOST_VERSION): string | undefined {
  const [wantedMajor, wantedMinor] = parts(wanted);
  const [major, minor] = parts(has);
  if (wantedMajor === undefined || wantedMinor === undefined) {
    return `It names no version of the console's interface ("${wanted}"). This console has ${has}.`;
  }
  if (wantedMajor === major && wantedMinor <= (minor ?? 0)) {
    return undefined;
  }
  const newer = wantedMajor > (major ?? 0) || (wantedMajor === major && wantedMinor > (minor ?? 0));
  return newer
    ? `It needs version ${wanted} of the console's interface and this console has ${has}. Update the server, or take an older version of the plugin.`
    : `It was written for version ${wanted} of the console's interface and this console has ${has}. Take a newer version of the plugin.`;
}

function parts(version: string): number[] {
  return /^\d+\.\d+$/.test(version) ? version.split('.').map(Number) : [];
}
