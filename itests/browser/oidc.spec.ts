// SPDX-License-Identifier: Apache-2.0
// Signing in at a real OpenID provider (oidc-provider, certified by the OpenID Foundation), which runs here for that time:
// the console offers it when the integration is installed, lets in whom its groups let in, and forgets who signs out there.
// Settings by environment: NXVMS_DATA, NXVMS_SSH_PORT of the server, NXVMS_ROOT with the script `nxvms`.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breaches } from './axe';
import { BASE_URL, type Browser, openBrowser, waitUntil } from './browser';

const FEATURE = 'nxvms-integration-oidc';
const SETTINGS = join(process.env.NXVMS_DATA ?? '', 'etc', 'org.nxvms.integration.oidc-corp.cfg');
const LOG = join(process.env.NXVMS_DATA ?? '', 'log', 'nxvms.log');
const SECRET = 'of-the-client-24680';
const GROUPS: Record<string, string[]> = { ida: ['Guards', 'Staff'], eve: ['Staff'] };

let browser: Browser;
let listening: Server;
let issuer: string;

const shell = (command: string) =>
  promisify(execFile)('./nxvms', ['shell', command], { cwd: process.env.NXVMS_ROOT });

/** The provider has another name than the server, so that cookies are of two sites, as in life. */
async function startProvider(): Promise<void> {
  // Its own address is part of what it says, so it is known before it is made.
  listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  issuer = `http://localhost:${(listening.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'nvr',
        client_secret: SECRET,
        redirect_uris: [`${BASE_URL}/api/v1/oidc/corp/callback`],
        backchannel_logout_uri: `${BASE_URL}/api/v1/oidc/corp/logout`,
        backchannel_logout_session_required: true,
      },
    ],
    cookies: { keys: ['of-this-test'] },
    // Its own does not speak to this machine, where the server is, and gives up after 2.5 s.
    fetch: (url: string, { dispatcher, signal, ...options }: RequestInit & { dispatcher?: unknown }) => fetch(url, options),
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    features: { backchannelLogout: { enabled: true } },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: GROUPS[id] ?? [] }),
    }),
  });
  listening.on('request', provider.callback());
}

/** At the provider's own pages: any password will do there. */
async function signInAtProvider(name: string): Promise<void> {
  const { page } = browser;
  await page.getByTestId('outside-corp').click();
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signOutAtProvider(): Promise<void> {
  const there = await browser.page.context().newPage();
  await there.goto(`${issuer}/session/end`);
  await there.getByRole('button', { name: 'Yes, sign me out' }).click();
  await there.getByText('successful').waitFor();
  await there.close();
}

const status = (path: string) =>
  browser.page.evaluate(async (at) => (await fetch(at)).status, path);

beforeAll(async () => {
  await startProvider();
  writeFileSync(
    SETTINGS,
    [
      'name = corp',
      'title = Sign in with Corp',
      `issuer = ${issuer}`,
      'clientId = nvr',
      `clientSecret = ${SECRET}`,
      'roles = guards=operator',
      '',
    ].join('\n'),
  );
  browser = await openBrowser();
});

afterAll(async () => {
  rmSync(SETTINGS, { force: true });
  await browser?.close();
  listening?.closeAllConnections();
  listening?.close();
});

it('a button appears on the open sign-in page when the integration is installed', async () => {
  const { page } = browser;
  await page.goto(`${BASE_URL}/console/`);
  await page.getByTestId('login-submit').waitFor();
  expect(await page.getByTestId('outside-corp').count()).toBe(0);
  await page.evaluate(() => document.body.setAttribute('data-not-reloaded', 'yes'));
  await shell(`feature:install ${FEATURE}`);
  // The secret is sealed in the file, which is read anew then; who signs in at that very moment would be cut off.
  await waitUntil(page, 'the sealed secret is read', async () =>
    readFileSync(LOG, 'utf8').includes('Updating configuration {org.nxvms.integration.oidc~corp}'),
  );
  await page.getByTestId('outside-corp').getByText('Sign in with Corp').waitFor();
  expect(await page.locator('body[data-not-reloaded]').count()).toBe(1);
  expect(await breaches(page)).toEqual([]);
});

it('who is in no group of this server is told so, and nobody is signed in', async () => {
  const { page } = browser;
  await signInAtProvider('eve');
  await page.getByTestId('outside-problem').getByText('none of your groups').waitFor();
  expect(page.url()).toBe(`${BASE_URL}/console/`);
  expect(await status('/api/v1/auth/me')).toBe(401);
  await signOutAtProvider();
});

it('who is in one gets the role of it', async () => {
  const { page } = browser;
  await signInAtProvider('ida');
  await page.getByTestId('wall').waitFor();
  const me = await page.evaluate(async () => (await fetch('/api/v1/auth/me')).json());
  expect(me).toMatchObject({ username: 'ida', role: 'operator', mustChangePassword: false });
});

it('who signs out at the provider is signed out here at once', async () => {
  const { page } = browser;
  await signOutAtProvider();
  await waitUntil(page, 'the session has ended', async () => (await status('/api/v1/auth/me')) === 401, 30_000);
  // The console finds out by itself, at its next question.
  await page.getByTestId('relogin').getByTestId('login-submit').waitFor();
  expect(browser.faults).toEqual([]);
});
