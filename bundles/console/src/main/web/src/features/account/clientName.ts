// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';

/** Who names others too comes first: Edge calls itself Chrome and Safari as well. */
const BROWSERS: [name: string, version: RegExp][] = [
  ['Edge', /\bEdg(?:A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|Chromium|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)\S* .*Safari\//],
];
const SYSTEMS: [name: string, sign: RegExp][] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** "Firefox 140 on Linux" of what a browser sends; other programs by their own words. */
export function clientName(client: string | undefined): string {
  if (!client) {
    return i18next.t('account.sessions.unknown');
  }
  const [browser, version] = BROWSERS.find(([, pattern]) => pattern.test(client)) ?? [];
  const system = SYSTEMS.find(([, sign]) => sign.test(client))?.[0];
  return browser && version && system
    ? i18next.t('account.sessions.browser', { browser: `${browser} ${version.exec(client)?.[1]}`, system })
    : client;
}
