// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setLanguage } from '../../i18n';
import { searchText } from './searchText';

const KINDS = ['camera.motion', 'recording.gap', 'acme.door'].map((kind) => ({
  kind,
  form: 'state' as const,
  severity: 'info' as const,
  title: kind === 'acme.door' ? 'Door opened' : '',
}));

describe('what the server is asked to look for', () => {
  beforeAll(() => setLanguage('en'));
  afterEach(() => setLanguage('en'));

  it('is what was typed, with kinds and codes that the page shows by these words', async () => {
    expect(searchText('  Anna  ', KINDS)).toBe('anna');
    expect(searchText('door anna', KINDS)).toBe('door|acme.door anna');
    await setLanguage('de');
    expect(searchText('Bewegung', KINDS).split('|')).toContain('camera.motion');
    expect(searchText('erreichbar', KINDS).split('|')).toContain('camera_unreachable');
  });

  it('is no more than the server takes', () => {
    expect(searchText('a|b', KINDS)).toBe('a b');
    expect(searchText('a b c d e f g h i j', KINDS)).toBe('a b c d e f g h');
    expect(searchText('x'.repeat(3_000), KINDS)).toBe('x'.repeat(100));
    const many = Array.from({ length: 500 }, (_, at) => ({
      ...KINDS[0],
      kind: `acme.door_${at}`,
      title: 'Door',
    }));
    const text = searchText('door', many as typeof KINDS);
    expect(text.split('|').length).toBeLessThanOrEqual(64);
    expect(text.length).toBeLessThanOrEqual(2_000);
  });
});
