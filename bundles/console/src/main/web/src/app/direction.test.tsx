// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectionProvider, useDirection } from '@mantine/core';
import { act, screen, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../test/render';
import { setLanguage } from '../i18n';
import en from '../i18n/en.json';

/** English as if it were written from right to left: each text between the marks that say so. */
function mirrored(catalogue: object): object {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, value]) => [
      key,
      typeof value === 'object' ? mirrored(value as object) : `\u202e${value}\u202c`,
    ]),
  );
}

function Page() {
  const { t } = useTranslation();
  return (
    <output data-testid="page" data-dir={useDirection().dir}>
      {t('common.save')}
    </output>
  );
}

const shown = () => screen.getByTestId('page');

describe('a language that is written from right to left', () => {
  afterEach(() => act(() => setLanguage('en')));

  it('turns the page and all it is made of round, and back', async () => {
    i18next.addResourceBundle('ar', 'translation', mirrored(en));
    renderPage(
      <DirectionProvider>
        <Page />
      </DirectionProvider>,
    );
    expect(shown().dataset.dir).toBe('ltr');
    await act(() => setLanguage('ar'));
    expect(document.documentElement).toMatchObject({ lang: 'ar', dir: 'rtl' });
    await waitFor(() => expect(shown().dataset.dir).toBe('rtl'));
    expect(shown().textContent).toBe('\u202eSave\u202c');
    await act(() => setLanguage('de'));
    await waitFor(() => expect(shown().dataset.dir).toBe('ltr'));
    expect(shown().textContent).toBe('Speichern');
  });
});

describe('a language that is chosen in another window', () => {
  afterEach(() => act(() => setLanguage('en')));
  const chosen = (newValue: string) =>
    act(() => window.dispatchEvent(new StorageEvent('storage', { key: 'nxvms.language', newValue })));

  it('is spoken here too, unless nobody knows it', async () => {
    renderPage(<Page />);
    chosen('tlh');
    chosen('de');
    await waitFor(() => expect(shown().textContent).toBe('Speichern'));
    expect(document.documentElement.lang).toBe('de');
    chosen('en');
    await waitFor(() => expect(shown().textContent).toBe('Save'));
  });
});

describe('styles', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  );
  /** Sides of the screen instead of beginning and end of a line. */
  const sided = [
    /(^|[\s;{])(margin|padding|border)-(left|right)\b/,
    /text-align:\s*(left|right)\b/,
    /^\s*(left|right):/,
    /float:\s*(left|right)\b/,
  ];

  /** `inset`, `margin` and `padding` of four values name the sides too: the second and the fourth have to be the same. */
  function isLopsided(line: string): boolean {
    const [, values = ''] = /^\s*(?:inset|margin|padding):\s*([^;]+);/.exec(line) ?? [];
    const four = values.trim().split(/\s+(?![^(]*\))/);
    return four.length === 4 && four[1] !== four[3];
  }

  it('name no side of the screen, so that they can be turned round', () => {
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((name) =>
      readFileSync(join('src', name), 'utf8')
        .split('\n')
        .filter((line) => sided.some((rule) => rule.test(line)) || isLopsided(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});
