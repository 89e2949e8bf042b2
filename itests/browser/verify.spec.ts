// SPDX-License-Identifier: Apache-2.0
// The page verify.html of a package of footage, opened from a folder in a browser without network: it says of a package that
// nobody touched that it is intact, and of others what was done to them. At the end the same by the page of the console.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, type Browser, openBrowser, signIn, tokenOfAnother, waitUntil } from './browser';

interface Entry {
  name: string;
  header: Buffer;
  content: Buffer;
}

interface Told {
  verdict: string;
  faults: { kind: string; file: string; from: string }[];
}

const LOCAL = 0x04034b50;
const folder = mkdtempSync(join(tmpdir(), 'nxvms-export-'));

let browser: Browser;
let genuine: Buffer;
let keys: string[];

async function api<T>(token: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${BASE_URL}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

/** The files of a package, by a reader that knows nothing but where they begin. */
function unpacked(zip: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; zip.readUInt32LE(at) === LOCAL; ) {
    const from = at + 30 + zip.readUInt16LE(at + 26);
    const to = from + zip.readUInt32LE(at + 18);
    entries.push({ name: zip.toString('utf8', at + 30, from), header: zip.subarray(at, from), content: zip.subarray(from, to) });
    at = to;
  }
  return entries;
}

/** A ZIP of these files, whose directory is right. */
function packed(entries: Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { header, content } of entries) {
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    header.copy(central, 6, 4, 28);
    central.writeUInt32LE(at, 42);
    directory.push(central, header.subarray(30));
    files.push(header, content);
    at += header.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** What the page says of a package. */
async function told(zip: Buffer, key = ''): Promise<Told> {
  const { page } = browser;
  const file = join(folder, 'package.zip');
  writeFileSync(file, zip);
  await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
  await page.locator('#key').fill(key);
  await page.locator('#file').setInputFiles(file);
  const verdict = page.locator('#verdict');
  await page.locator('#verdict:is([data-verdict=intact], [data-verdict=altered], [data-verdict=foreign], [data-verdict=other], '
    + '[data-verdict=failed])').waitFor();
  return {
    verdict: (await verdict.getAttribute('data-verdict')) ?? '',
    faults: await page.locator('#faults li').evaluateAll((items) =>
      items.map((item) => ({
        kind: item.getAttribute('data-kind') ?? '',
        file: item.getAttribute('data-file') ?? '',
        from: item.getAttribute('data-from') ?? '',
      })),
    ),
  };
}

beforeAll(async () => {
  browser = await openBrowser();
  const token = await tokenOfAnother();
  const { items } = await api<{ items: { id: string }[] }>(token, '/api/v1/cameras');
  const cameraIds = items.slice(0, 2).map(({ id }) => id);
  const { id } = await api<{ id: string }>(token, '/api/v1/exports', {
    cameraIds,
    from: String(Date.now() - 20_000),
    to: String(Date.now() - 1_000),
  });
  const done = await waitUntil(browser.page, 'the package', async () => {
    const job = await api<{ state: string; url?: string; detail?: string }>(token, `/api/v1/exports/${id}`);
    expect(job.state, job.detail).not.toBe('failed');
    return job.url;
  });
  const answer = await fetch(`${BASE_URL}${done}`, { headers: { Authorization: `Bearer ${token}` } });
  genuine = Buffer.from(await answer.arrayBuffer());
  keys = (await api<{ items: { id: string }[] }>(token, '/api/v1/archive/keys')).items.map((key) => key.id);
  writeFileSync(join(folder, 'verify.html'), unpacked(genuine).find(({ name }) => name === 'verify.html')?.content ?? '');
  await browser.page.context().setOffline(true);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('says of a package that nobody touched that it is intact, and by which key', async () => {
  expect(await told(genuine)).toEqual({ verdict: 'intact', faults: [] });
  expect(await told(packed(unpacked(genuine)))).toEqual({ verdict: 'intact', faults: [] });
  expect(await told(genuine, keys[0])).toEqual({ verdict: 'intact', faults: [] });
  expect(await told(genuine, '0'.repeat(64))).toMatchObject({ verdict: 'foreign', faults: [{ kind: 'unknown_key' }] });
  expect(browser.faults).toEqual([]);
});

it('says of a key and of files that are none what they are, and calls nobody a forger', async () => {
  const said = (words: string) => browser.page.getByText(words).waitFor();
  expect(await told(genuine, 'abc')).toEqual({ verdict: 'other', faults: [] });
  await said('is not 64 hexadecimal digits');
  const entries = unpacked(genuine);
  expect(await told(entries[0].content)).toMatchObject({ verdict: 'other', faults: [{ kind: 'not_a_package' }] });
  const locked = Buffer.from(genuine);
  locked[6] |= 1;
  expect(await told(locked)).toMatchObject({ verdict: 'other', faults: [{ kind: 'locked' }] });
  await said('Unpack it first');
  expect(browser.faults).toEqual([]);
});

it('names the file and the first wrong bytes of one bit that is another', async () => {
  const films = unpacked(genuine).filter(({ name }) => name.endsWith('.mp4'));
  expect(films).toHaveLength(2);
  const altered = Buffer.from(genuine);
  const at = altered.indexOf(films[1].header) + films[1].header.length + 300_000;
  altered[at] ^= 1;
  expect(await told(altered)).toEqual({
    verdict: 'altered',
    faults: [{ kind: 'altered', file: films[1].name, from: '262144' }],
  });
});

it('names what was taken out, put in, exchanged, or belongs elsewhere', async () => {
  const entries = unpacked(genuine);
  const [first, second] = entries.filter(({ name }) => name.endsWith('.mp4'));
  const names = async (changed: Entry[]) =>
    (await told(packed(changed))).faults.map(({ kind, file }) => `${kind} ${file}`);
  expect(await names(entries.filter((entry) => entry !== second))).toEqual([`missing ${second.name}`]);
  const header = Buffer.from(first.header.toString('latin1').replaceAll('.mp4', '.MP4'), 'latin1');
  const added = { name: first.name.replace('.mp4', '.MP4'), header, content: first.content };
  expect(await names([added, ...entries])).toEqual([`added ${added.name}`]);
  const swapped = entries.map((entry) => (entry === first ? second : entry === second ? first : entry));
  expect(await names(swapped)).toEqual([`reordered ${second.name}`]);
});

it('says of a key that was taken out, a check sum and times that are others, what they are', async () => {
  const entries = unpacked(genuine);
  const faults = async (changed: Entry[]) =>
    (await told(packed(changed))).faults.map(({ kind, file }) => `${kind} ${file}`);
  expect(await faults(entries.filter(({ name }) => name !== 'public-key.pem'))).toEqual(['missing public-key.pem']);
  const film = entries.find(({ name }) => name.endsWith('.mp4'));
  const flipped = (entry: Entry, at: number) => {
    const header = Buffer.from(entry.header);
    header[at] ^= 2;
    return { ...entry, header };
  };
  expect(await faults(entries.map((entry) => (entry === film ? flipped(entry, 14) : entry)))).toEqual([
    `damaged ${film?.name}`,
  ]);
  expect(await faults(entries.map((entry) => flipped(entry, 10)))).toEqual(['damaged ']);
});

it('says of a manifest that was made to fit, and of half a package, what they are', async () => {
  const altered = Buffer.from(genuine);
  const manifest = altered.indexOf('"createdBy" : "admin"');
  expect(manifest).toBeGreaterThan(0);
  altered.write('"createdBy" : "nobod"', manifest);
  // Its check sum in the ZIP is that of the one before.
  expect((await told(altered)).faults.map(({ kind }) => kind)).toEqual(['damaged', 'signature']);
  expect((await told(genuine.subarray(0, genuine.length / 2))).faults.map(({ kind }) => kind)).toEqual(['damaged', 'missing']);
});

it('is said by the console too, with who signed it and what was exported', async () => {
  const { page } = browser;
  await page.context().setOffline(false);
  await signIn(page);
  // Signed in.
  await page.getByTestId('tree').waitFor();
  await page.goto(`${BASE_URL}/console/exports/verify`);
  const verdictOf = async (zip: Buffer, name: string) => {
    const file = join(folder, name);
    writeFileSync(file, zip);
    await page.locator('input[type=file]').setInputFiles(file);
    return page.getByTestId('verify-verdict');
  };
  await (await verdictOf(genuine, 'genuine.zip')).and(page.locator('[data-verdict=intact]')).waitFor();
  const facts = await page.getByTestId('verify-facts').innerText();
  expect(facts).toContain(keys[0]);
  expect(facts).toContain('admin');

  const film = unpacked(genuine).find(({ name }) => name.endsWith('.mp4'))!;
  const altered = Buffer.from(genuine);
  altered[altered.indexOf(film.header) + film.header.length + 300_000] ^= 1;
  await (await verdictOf(altered, 'altered.zip')).and(page.locator('[data-verdict=altered]')).waitFor();
  expect(await page.getByTestId('verify-faults').innerText()).toContain(film.name);
  expect(browser.faults).toEqual([]);
});
