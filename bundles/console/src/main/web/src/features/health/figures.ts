// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { number, tenths } from '../../ui/number';
import { duration } from '../../ui/time';

const UNITS: [RegExp, (value: number) => string][] = [
  [/Bytes$/, bytes],
  [/Bps$/, (value) => `${tenths(value / 1e6)} Mbit/s`],
  [/Ms$/, (value) => (value < 10_000 ? `${Math.round(value)} ms` : duration(value))],
  [/Seconds$/, (value) => duration(value * 1000)],
  [/Percent$/, (value) => `${tenths(value)} %`],
];

/** Figures that have the name of a volume in front of theirs. */
const OF_VOLUMES = [
  [/^(.+)FreeBytes$/, 'health.free'],
  [/^(.+)ChunksWaiting$/, 'health.copiesWaiting'],
  [/^(.+)LagSeconds$/, 'health.copiesLag'],
] as const;

/** Names of figures end in their unit (`freeBytes`): take it off the label and put it to the value. */
export const figureText = {
  label(name: string): string {
    const key = `health.figure.${name}`;
    if (i18next.exists(key)) {
      return i18next.t(key);
    }
    for (const [pattern, word] of OF_VOLUMES) {
      const volume = pattern.exec(name)?.[1];
      if (volume) {
        return i18next.t(word, { name: volume });
      }
    }
    const bare = name.replace(/(Bytes|Bps|Ms|Seconds|Percent)$/, '');
    return bare.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase() || name;
  },
  value(name: string, value: unknown): string {
    if (typeof value === 'number') {
      const unit = UNITS.find(([pattern]) => pattern.test(name));
      return unit ? unit[1](value) : number(value, { maximumFractionDigits: 2 });
    }
    if (typeof value === 'boolean') {
      return i18next.t(value ? 'common.yes' : 'common.no');
    }
    return typeof value === 'object' ? JSON.stringify(value) : wordFor('volumeStatus', String(value));
  },
};
