// SPDX-License-Identifier: Apache-2.0
// Somebody's way in: a first password that has to be changed, a second factor that has to be set up, a recovery code in place
// of the phone, and a password that was lost.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, type Browser, openBrowser, send, signIn } from './browser';
import { flaws } from './legible';

const NAME = 'newcomer';
const ROLE = 'careful';
const GIVEN = 'given at the beginning';
const OWN = 'chosen by oneself then';
const SET = 'brought by somebody else';
const LAST = 'chosen once more at last';
const STEP_MS = 30_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

let admin: Browser;
let own: Browser;
let id = '';
let recoveryCodes: string[];

beforeAll(async () => {
  admin = await openBrowser();
  await signIn(admin.page);
  await admin.page.getByTestId('wall').waitFor();
  await send(admin.page, 'POST', '/api/v1/roles', { name: ROLE, permissions: ['view_live'], secondFactor: true });
  const user = await send<{ id: string }>(admin.page, 'POST', '/api/v1/users', {
    username: NAME,
    password: GIVEN,
    role: ROLE,
  });
  id = user.id;
  own = await openBrowser();
});

afterAll(async () => {
  await own?.close();
  if (id) {
    await send(admin.page, 'DELETE', `/api/v1/users/${id}`);
    await send(admin.page, 'DELETE', `/api/v1/roles/${ROLE}`);
  }
  await admin?.close();
});

/** What an authenticator app shows (RFC 6238). */
function shownBy(secret: string): string {
  const bits = [...secret.replace(/[\s=]/g, '')]
    .map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

async function enter(password: string): Promise<void> {
  const { page } = own;
  await page.goto(`${BASE_URL}/console/`);
  await page.getByTestId('login-username').fill(NAME);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

async function recover(): Promise<void> {
  const { page } = own;
  await page.getByTestId('login-code').fill(recoveryCodes.shift() ?? '');
  await page.getByTestId('login-submit').click();
}

async function choose(before: string, after: string): Promise<void> {
  const { page } = own;
  await page.getByTestId('password-current').fill(before);
  await page.getByTestId('password-new').fill(after);
  await page.getByTestId('password-repeat').fill(after);
  await page.getByTestId('password-submit').click();
}

it('a first password is changed and a second factor set up before anything else is to be seen', async () => {
  const { page } = own;
  await enter(GIVEN);
  await page.getByTestId('password-submit').waitFor();
  expect(await flaws(page)).toEqual([]);
  await choose(GIVEN, OWN);
  await page.getByTestId('totp-begin').click();
  await page.getByTestId('proof-password').fill(OWN);
  await page.getByTestId('proof-submit').click();
  const secret = await page.getByTestId('totp-secret').innerText();
  expect(await flaws(page)).toEqual([]);
  await page.getByTestId('totp-code').fill(shownBy(secret));
  await page.getByTestId('totp-confirm').click();
  recoveryCodes = (await page.getByTestId('recovery-codes').innerText()).trim().split(/\s+/);
  expect(recoveryCodes.length).toBeGreaterThan(2);
  expect(await page.getByTestId('wall').count()).toBe(0);
  await page.getByTestId('recovery-kept').click();
  await page.getByTestId('wall').waitFor();
});

it('without the phone a recovery code does, a wrong one does not', async () => {
  const { page } = own;
  await page.getByTestId('user-menu').click();
  await page.getByTestId('sign-out').click();
  await page.getByTestId('login-username').waitFor();
  await enter(OWN);
  await page.getByTestId('login-code').fill('00000000');
  await page.getByTestId('login-submit').click();
  await page.getByTestId('login-error').waitFor();
  await recover();
  await page.getByTestId('wall').waitFor();
});

it('a password that was lost is set by an administrator, and changed at the next sign-in', async () => {
  const { page } = admin;
  await page.goto(`${BASE_URL}/console/users`);
  await page.getByTestId(`user-edit-${NAME}`).click();
  await page.getByTestId('user-set-password').click();
  await page.getByTestId('user-form').waitFor({ state: 'detached' });
  await page.getByTestId('user-password').fill(SET);
  expect(await flaws(page)).toEqual([]);
  await page.getByTestId('user-password-save').click();
  await page.getByTestId('user-password-form').waitFor({ state: 'detached' });

  await enter(OWN);
  await own.page.getByTestId('login-error').waitFor();
  await enter(SET);
  await recover();
  await choose(SET, LAST);
  await own.page.getByTestId('wall').waitFor();
  expect([...admin.faults, ...own.faults]).toEqual([]);
});
