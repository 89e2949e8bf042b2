// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { verify } from 'virtual:nxvms-verifier';
import { describe, expect, it } from 'vitest';
import { moduleOf, PAGE } from '../../../../scripts/verifier';

const PIECE = 262_144;
/** 2026-11-25T18:00:00Z, as a ZIP has it. */
const TIME = ((2026 - 1980) * 512 + 11 * 32 + 25) * 65_536 + 18 * 2048;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const spki = publicKey.export({ type: 'spki', format: 'der' });
const keyId = sha256(spki).toString('hex');
const nothing = () => {};

/** A ZIP as the server writes it: files as they are, each header once more in the directory. */
function packed(files: [name: string, content: Buffer][]): Blob {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const raw = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(TIME, 6);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(raw.length, 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, raw, content]);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(at, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, behind, raw);
    bodies.push(local);
    at += local.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return new Blob([Buffer.concat([...bodies, all, end])]);
}

/**
 * @param footage what lies in the package; what was exported is what the manifest says
 * @param more what else stands in the manifest
 */
function packageOf(exported: Buffer, footage = exported, more: object = {}): Blob {
  const pieces = [];
  for (let from = 0; from < exported.length; from += PIECE) {
    pieces.push(sha256(exported.subarray(from, from + PIECE)));
  }
  const manifest = Buffer.from(
    JSON.stringify({
      format: 'nxvms-export-1',
      pieceBytes: PIECE,
      created: '2026-11-25T18:00:00.000Z',
      files: [
        {
          name: 'gate.mp4',
          bytes: exported.length,
          pieces: Buffer.concat(pieces).toString('base64'),
          cameraId: 'c1',
          encoded: [{ from: '2026-11-25T17:00:00.000Z', to: '2026-11-25T17:00:01.200Z' }],
        },
      ],
      ...more,
    }),
  );
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'EdDSA', typ: 'nxvms-export-1', kid: keyId });
  const signed = `${head}.${part({ manifestSha256: sha256(manifest).toString('hex') })}`;
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
  return packed([
    ['gate.mp4', footage],
    ['manifest.json', manifest],
    [
      'manifest.jws',
      Buffer.from(`${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`),
    ],
    ['public-key.pem', Buffer.from(pem)],
  ]);
}

describe("the verifier of packages, of which the console's is a part", () => {
  const footage = Buffer.alloc(PIECE + 1000, 7);

  it('finds a package that nobody touched intact, and who signed it', async () => {
    let read = 0;
    const report = await verify(packageOf(footage), '', (part) => {
      read = part;
    });
    expect(report.faults).toEqual([]);
    expect(report.keyId).toBe(keyId);
    expect(read).toBeGreaterThan(0.9);
  });

  it('finds one byte', async () => {
    const other = Buffer.from(footage);
    other[PIECE + 5] = 8;
    const { faults } = await verify(packageOf(footage, other), '', nothing);
    expect(faults).toMatchObject([{ kind: 'altered', file: 'gate.mp4', fromByte: PIECE }]);
  });

  it('tells what looking at the footage one must know of it', async () => {
    const more = {
      cameras: [{ id: 'c1', name: 'Gate', gaps: [] }],
      order: {
        cut: 'exact',
        sound: false,
        reason: 'case 4711',
        overlay: { text: 'police', time: true, user: false },
        masks: [{}],
      },
    };
    expect((await verify(packageOf(footage, footage, more), '', nothing)).says).toEqual({
      reason: 'case 4711',
      exact: true,
      sound: false,
      written: { text: 'police', time: true, user: false },
      masks: 1,
      encoded: [{ camera: 'Gate', from: '2026-11-25T17:00:00.000Z', to: '2026-11-25T17:00:01.200Z' }],
    });
    const odd = { cameras: 'all', order: { cut: 7, reason: {}, overlay: 'much', masks: 'many' } };
    expect((await verify(packageOf(footage, footage, odd), '', nothing)).says).toEqual({
      reason: '',
      exact: false,
      sound: true,
      written: { text: '', time: false, user: false },
      masks: 0,
      encoded: [{ camera: 'gate.mp4', from: '2026-11-25T17:00:00.000Z', to: '2026-11-25T17:00:01.200Z' }],
    });
  });

  /** The header of a first file, with another number at some byte of it. */
  const begun = async (at: number, value: number) => {
    const bytes = new Uint8Array(await packageOf(footage).arrayBuffer());
    bytes[at] = value;
    return new Blob([bytes]);
  };

  it.each([
    ['nothing', () => new Blob([]), 'not_a_package', 'It is empty.'],
    ['a letter', () => new Blob(['N']), 'not_a_package', 'It is no ZIP'],
    ['a text', () => new Blob(['NXvms export 4711']), 'not_a_package', 'It is no ZIP'],
    ['a ZIP locked as older programs do', () => begun(6, 1), 'locked', 'Unpack it first'],
    ['a ZIP locked with AES', () => begun(8, 99), 'locked', 'Unpack it first'],
    [
      'a compressed ZIP',
      () => begun(8, 8),
      'repacked',
      'another program packed; its first file is gate.mp4.',
    ],
    ['a ZIP of names that are not UTF-8', () => begun(7, 0), 'repacked', 'as it came from the server'],
  ])('says of %s what it is, and calls it no forgery', async (_, given, kind, words) => {
    const report = await verify(await given(), '', nothing);
    expect(report).toMatchObject({ faults: [{ kind }], keyId: '' });
    expect(report.faults).toHaveLength(1);
    expect(report.faults[0]?.detail).toContain(words);
  });

  it('is taken from the page, and missed where the page has it no more', () => {
    const page = readFileSync(PAGE, 'utf8');
    expect(moduleOf(page)).not.toContain('document');
    expect(() => moduleOf(page.replace('// ---- The page.', ''))).toThrow('no verifier');
  });
});
