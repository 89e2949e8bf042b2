// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { DEFAULT_THEME } from '@mantine/core';
import { describe, expect, it } from 'vitest';
import { theme } from '../../app/theme';

/** What WCAG 2.2 asks of what is no text (1.4.11). */
const CONTRAST_MIN = 3;

const colours: Record<string, readonly string[] | undefined> = { ...DEFAULT_THEME.colors, ...theme.colors };
const shade = (name: string, at: number): string => colours[name]?.[at] ?? 'none';

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [bright = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

const LIGHT = ['#ffffff', shade('gray', 0), shade('gray', 1)];
const DARK = [5, 6, 7, 8].map((at) => shade('dark', at));

const styles = readFileSync(new URL('./SeverityIcon.module.css', import.meta.url), 'utf8');
const SEVERITY =
  /\.(\w+) \{\s*color: light-dark\(var\(--mantine-color-(\w+)-(\d)\), var\(--mantine-color-(\w+)-(\d)\)\);/g;
const found = [...styles.matchAll(SEVERITY)].map(
  ([, severity = '', light = '', lightAt, dark = '', darkAt]) => ({
    severity,
    light: shade(light, Number(lightAt)),
    dark: shade(dark, Number(darkAt)),
  }),
);

describe('the sign of a severity', () => {
  it('has a colour for each of them', () => {
    expect(found.map(({ severity }) => severity)).toEqual(['info', 'warning', 'critical']);
  });

  it.each(found)('is seen upon each ground of both appearances: $severity', ({ light, dark }) => {
    for (const ground of LIGHT) {
      expect(contrast(light, ground), `${light} upon ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
    for (const ground of DARK) {
      expect(contrast(dark, ground), `${dark} upon ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
  });
});
