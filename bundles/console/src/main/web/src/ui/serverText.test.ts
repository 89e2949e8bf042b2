// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventItem } from '../api/types';
import { eventText } from '../features/events/eventText';
import { setLanguage } from '../i18n';
import en from '../i18n/en.json';
import { causeSentence, healthSentence, troubleSentence, volumeSentence } from './serverText';

/** The server's sources, beside this console's. */
const BUNDLES = '../../../..';

function javaSources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? javaSources(path) : name.endsWith('.java') ? [path] : [];
  });
}

const event = (kind: string, detail: string, attributes: EventItem['attributes']) =>
  ({ kind, detail, attributes }) as EventItem;

afterEach(() => setLanguage('en'));

describe('what the server says', () => {
  const slow = {
    name: 'database',
    status: 'degraded',
    detail: 'The database is slow, says the server',
    findings: [{ code: 'database_slow', parameters: { writeMs: 1200 } }],
  };
  const gone = event('camera.driver_missing', 'The driver acme is not installed.', { driver: 'acme' });
  const gap = event('recording.gap', 'connection refused', { cause: 'camera_unreachable' });

  it('stays as it is in its own language', () => {
    expect(healthSentence(slow)).toBe(slow.detail);
    expect(causeSentence('disk_full', 'no room on main')).toBe('no room on main');
    expect(eventText(gap)).toBe('connection refused');
  });

  it('is worded by its codes in another', async () => {
    await setLanguage('de');
    expect(healthSentence(slow)).toBe('Die Datenbank ist langsam: ein Schreibvorgang brauchte 1200 ms.');
    const troubled = (count: number) => ({
      ...slow,
      findings: [{ code: 'cameras_troubled', parameters: { count, all: 4 } }],
    });
    expect(healthSentence(troubled(1))).toBe('1 von 4 Kameras ist nicht wie gewünscht.');
    expect(healthSentence(troubled(2))).toBe('2 von 4 Kameras sind nicht wie gewünscht.');
    const named = { count: 2, all: 4, camera: 'Gate', state: 'offline' };
    expect(healthSentence({ ...slow, findings: [{ code: 'cameras_troubled', parameters: named }] })).toBe(
      '2 von 4 Kameras sind nicht wie gewünscht; Gate: Offline.',
    );
    expect(
      healthSentence({
        ...slow,
        findings: [{ code: 'streams_unwritten', parameters: { ...named, count: 1 } }],
      }),
    ).toBe('1 von 4 Streams lässt sich nicht schreiben: der von Gate.');
    expect(causeSentence('disk_full', 'no room on main')).toContain('Kein Speicherort hatte Platz');
    expect(volumeSentence('absent', 'not mounted')).toContain('ist nicht da');
    const failed = { code: 'copies_failed', parameters: { count: 1 } };
    expect(troubleSentence('1 chunk could not be copied', failed)).toContain(
      '1 Datei konnte nicht kopiert werden',
    );
    const full = { code: 'copy_without_room', parameters: { bytes: 3 * 1024 ** 2 } };
    expect(troubleSentence('no room', full)).toContain('Stück von 3,0 MiB');
    expect(troubleSentence('', undefined)).toBeUndefined();
    expect(eventText(gap)).toContain('Die Kamera weist die Verbindung zurück');
    expect(causeSentence('camera_unreachable', '192.0.2.1:554 refuses the connection; is it on?')).toContain(
      'weist die Verbindung zurück',
    );
    expect(causeSentence('camera_unreachable', 'there is no route to 192.0.2.1')).toContain('kein Weg');
    expect(causeSentence('camera_unreachable', 'no answer within 5 s')).toContain('nicht erreichbar');
    expect(eventText(gone)).toContain('Der Treiber acme ist nicht installiert');
    expect(
      eventText(
        event('server.part_unwell', 'slow', { finding: 'database_slow', writeMs: 1200, status: 'degraded' }),
      ),
    ).toContain('langsam');
    expect(
      eventText(event('user.changed', 'x', { by: 'admin', name: 'guard', role: 'viewer', disabled: true })),
    ).toBe('admin hat guard geändert: Betrachter, gesperrt');
    const early = {
      name: 'main',
      cause: 'quota',
      limitBytes: 20e9,
      cameras: 1,
      cameraNames: 'Tor',
      from: '2026-11-22T15:00:09Z',
      to: '2026-11-22T15:00:23Z',
      segments: 2,
      bytes: 5e6,
      retentionDaysMax: 30,
    };
    const told = eventText(event('recording.removed_early', 'x', early));
    expect(told).toContain('Aufnahmen von Tor wurden vor Ablauf ihrer Aufbewahrung von 30 Tagen entfernt');
    expect(told).toContain('sein Kontingent von');
    expect(told).toContain('2 Segmente');
    expect(eventText(event('recording.removed_early', 'x', { ...early, cause: 'reserve' }))).toContain(
      'frei sind',
    );
  });

  it('is shown in English where there are no words for a code, and is never lost', async () => {
    await setLanguage('de');
    expect(healthSentence({ ...slow, findings: [...slow.findings, { code: 'new', parameters: {} }] })).toBe(
      slow.detail,
    );
    expect(causeSentence('new_cause', 'something new')).toBe('something new');
    expect(eventText(event('acme.k', 'Beep', {}))).toBe('Beep');
  });

  it('says of a camera that refuses connections what the server says of it', () => {
    const connection = readFileSync(
      join(BUNDLES, 'ingest-rtsp/src/main/java/org/nxvms/ingest/rtsp/RtspConnection.java'),
      'utf8',
    );
    expect(connection).toContain('" refuses the connection;');
    expect(connection).toContain('"there is no route to "');
  });

  it('has words for every code of the server', () => {
    const codes = readdirSync(BUNDLES)
      .map((bundle) => join(BUNDLES, bundle, 'src/main/java'))
      .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      .flatMap(javaSources)
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\.found\(\s*"(\w+)"/g)])
      .map((match) => match[1] ?? '');
    const troubles = readFileSync(
      join(BUNDLES, 'archive/src/main/java/org/nxvms/archive/Trouble.java'),
      'utf8',
    );
    const told = [...troubles.matchAll(/return of\(\s*"(\w+)"/g)].map((match) => match[1] ?? '');
    expect(told.length).toBeGreaterThan(5);
    const unworded = (code: string, words: object) => !(code in words) && !(`${code}_other` in words);
    expect(told.filter((code) => unworded(code, en.volumeTrouble))).toEqual([]);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => unworded(code, en.healthFinding))).toEqual([]);
    expect(Object.keys(en.cause).filter((cause) => !(cause in en.causeHint))).toEqual([
      'unknown',
      'unexplained',
    ]);
  });
});
