// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProblem } from '../api/problem';
import { setLanguage } from '../i18n';
import { fieldName } from './fieldName';
import { problemText } from './problemText';

afterEach(() => setLanguage('en'));

const answer = (detail: string, field: string) =>
  ApiProblem.from(
    new Response(
      JSON.stringify({ type: 'urn:x/validation', title: 'x', detail, errors: [{ field, detail }] }),
      {
        status: 422,
      },
    ),
  );

describe('fields in what the server says', () => {
  it('have the labels of the form, wherever a problem is shown', async () => {
    const said = '"newPassword" has 3 characters. Give 8 to 200.';
    const english = await answer(said, 'newPassword');
    expect(problemText(english)).toBe(
      'Some entries cannot work: “New password” has 3 characters. Give 8 to 200.',
    );
    expect(english.errors).toEqual([
      { field: 'newPassword', detail: '“New password” has 3 characters. Give 8 to 200.' },
    ]);
    await setLanguage('de');
    expect(problemText(await answer(said, 'newPassword'))).toContain('„Neues Passwort“ has 3 characters');
    expect((await answer('"recording.retentionDaysMax" is 0.', 'x')).detail).toBe(
      '„Höchstens behalten (Tage)“ is 0.',
    );
  });

  it('stay where nobody has a label for them, and so does what is no field', async () => {
    expect((await answer('"sails" is odd. There is no role "Night watch".', 'sails')).detail).toBe(
      '"sails" is odd. There is no role "Night watch".',
    );
    expect(fieldName('sails')).toBeUndefined();
  });
});
