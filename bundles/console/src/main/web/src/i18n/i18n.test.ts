// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordFor } from '.';
import de from './de.json';
import en from './en.json';

function keysOf(catalogue: object, prefix = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value as object, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function textOf(catalogue: object, key: string): string {
  return String(
    key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], catalogue),
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /(?<!\.test)\.tsx?$/.test(name) ? [path] : [];
  });
}

const keys = keysOf(en);
const code = sources('src').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const exists = (key: string) => keys.includes(key) || keys.includes(`${key}_other`);

describe('catalogues', () => {
  it('have the same keys in every language', () => {
    expect(keysOf(de).sort()).toEqual(keys.toSorted());
  });

  it('have the same placeholders in every language', () => {
    for (const key of keys) {
      const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
      expect({ key, places: places(textOf(de, key)) }).toEqual({ key, places: places(textOf(en, key)) });
    }
  });

  it('have every key the source uses', () => {
    const missing = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*'([\w.-]+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((key) => !exists(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('have every key of a choice between two', () => {
    const missing = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*[^()']+\?\s*'([\w.-]+)'\s*:\s*'([\w.-]+)'/g)]
        .flatMap((match) => [match[1] ?? '', match[2] ?? ''])
        .filter((key) => !exists(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('have an entry for each group that is composed at run time', () => {
    const prefixes = code.flatMap(({ text }) =>
      [...text.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map((match) => match[1]),
    );
    expect(prefixes.length).toBeGreaterThan(0);
    for (const prefix of prefixes) {
      expect(keys.some((key) => key.startsWith(`${prefix}.`))).toBe(true);
    }
  });

  it('have every text of an attribute that is read; what stands there by itself is an example', () => {
    const example = /^(\/|https?:\/\/|mvn:|-----|Authorization: )/;
    const literal = /\b(?:aria-label|alt|description|label|placeholder|text|title)="([^"]*\p{L}{2}[^"]*)"/gu;
    const untranslated = code.flatMap(({ path, text }) =>
      [...text.matchAll(literal)]
        .map((match) => match[1] ?? '')
        .filter((words) => !example.test(words))
        .map((words) => `${path}: ${words}`),
    );
    expect(untranslated).toEqual([]);
  });

  it('have nothing that no source asks for', () => {
    const quoted = new Set(
      code.flatMap(({ text }) => [...text.matchAll(/['"`]([\w.-]+)['"`]/g)].map((match) => match[1])),
    );
    // Composed of its beginning and what a value says.
    const composed = new Set(
      code.flatMap(({ text }) =>
        [...text.matchAll(/`([\w.]+)\.\$\{|wordFor\(\s*['"`]([\w.]+)['"`]/g)].map(
          (match) => match[1] ?? match[2],
        ),
      ),
    );
    const unused = keys.filter((key) => {
      const asked = key.replace(/_(zero|one|other)$/, '');
      const parts = asked.split('.');
      const beginnings = parts.map((_, n) => parts.slice(0, n).join('.'));
      return !quoted.has(asked) && !beginnings.some((one) => composed.has(one));
    });
    expect(unused).toEqual([]);
  });

  it('show an unknown value of a newer server by its name', () => {
    expect(wordFor('cause', 'DISK_FULL')).toBe('storage full');
    expect(wordFor('cause', 'solar_flare')).toBe('solar flare');
    expect(wordFor('cause', undefined)).toBe('');
  });
});
