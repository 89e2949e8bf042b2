// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { Finding, HealthPart } from '../api/types';
import { wordFor } from '../i18n';
import { bytes } from './bytes';

/** The language the server writes its sentences in. */
const SERVERS_LANGUAGE = 'en';

const isServersLanguage = () => i18next.language === SERVERS_LANGUAGE;

/**
 * A sentence of the server, in the language of the console. In the server's own it is the server's, which knows most; in
 * another it is the console's, made of the codes that came with it.
 *
 * @param detail what the server says in English
 * @param own what the console says; undefined where it has no words for the codes
 */
export function sentence(detail: string | undefined, own: string | undefined): string | undefined {
  return (isServersLanguage() ? detail || own : own || detail) || undefined;
}

function words(key: string, values?: Record<string, unknown>): string | undefined {
  return i18next.exists(key, values) ? i18next.t(key, values) : undefined;
}

/** Why something does not come or is not recorded, and what to do. */
export function causeSentence(cause: string | undefined, detail: string | undefined): string | undefined {
  return sentence(detail, cause && words(`causeHint.${narrowed(cause, detail)}`));
}

/** What the server tells of a camera that is out of reach in its sentence alone. */
const OUT_OF_REACH: [string, RegExp][] = [
  ['connection_refused', /refuses the connection|connection (was )?refused/i],
  ['no_route', /no route to /i],
];

function narrowed(cause: string, detail: string | undefined): string {
  const [found] = OUT_OF_REACH.find(([, pattern]) => detail && pattern.test(detail)) ?? [];
  return cause === 'camera_unreachable' && found ? found : cause;
}

/** What a driver is called; those of others by the name they give themselves. */
export function driverName({ id, name }: { id: string; name: string }): string {
  return sentence(name, words(`driverName.${id}`)) ?? name;
}

/** What is wrong with a volume, and what to do. */
export function volumeSentence(status: string, detail: string): string | undefined {
  return sentence(detail, words(`volumeHint.${status}`));
}

/** What is wrong with a part of the server; a code without words leaves the server's own sentence. */
export function healthSentence(part: HealthPart): string | undefined {
  const found = part.findings?.map(({ code, parameters }) => findingText(code, parameters)) ?? [];
  return sentence(part.detail, found.every(Boolean) ? found.join(' ') : undefined);
}

/** Why footage is not copied or moved on, and what to do. */
export function troubleSentence(
  trouble: string | undefined,
  finding: Finding | undefined,
): string | undefined {
  if (!finding) {
    return trouble || undefined;
  }
  const { bytes: size, ...parameters } = finding.parameters;
  return sentence(
    trouble,
    words(`volumeTrouble.${finding.code}`, {
      ...parameters,
      size: typeof size === 'number' ? bytes(size) : undefined,
    }),
  );
}

/** One finding in words; what of its parameters is a code is put into words too. */
export function findingText(code: string, parameters: Record<string, unknown>): string | undefined {
  const { camera, cause, state, volumeStatus } = parameters;
  return words(`healthFinding.${code}`, {
    ...parameters,
    context: camera ? 'named' : undefined,
    state: typeof state === 'string' ? wordFor('cameraState', state) : state,
    cause: typeof cause === 'string' ? wordFor('cause', cause) : cause,
    volumeStatus: typeof volumeStatus === 'string' ? wordFor('volumeStatus', volumeStatus) : volumeStatus,
  });
}
