// SPDX-License-Identifier: Apache-2.0
import type { AuditEntry } from '../../api/audit';
import { wordFor } from '../../i18n';

const ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
/** So much of an id tells one from another, where there is no name. */
const ID_SHOWN = 8;

interface Named {
  id: string;
  name: string;
}

/** By id. */
export type Names = ReadonlyMap<string, string>;

const API_KEY = 'api-key/';

/** How things are called, and how those were that have been removed, as far as the entries tell. */
export function namesOf(
  cameras: readonly Named[],
  entries: readonly AuditEntry[],
  keys: readonly Named[] = [],
): Names {
  const names = new Map<string, string>();
  // Newest first: what something was called last is met first.
  const call = (id: string | undefined, name: string | undefined) => {
    if (id && name && !names.has(id)) {
      names.set(id, name);
    }
  };
  for (const { subject, before, after, user, userId } of entries) {
    call(subject?.match(ID)?.[0], after.name ?? after.title ?? before.name ?? before.title);
    call(userId, user);
    if (subject?.startsWith(API_KEY)) {
      call(after.id ?? before.id, subject.slice(API_KEY.length));
    }
  }
  for (const { id, name } of [...cameras, ...keys]) {
    names.set(id, name);
  }
  return names;
}

/** The text with names in the place of ids; what nobody knows stays as it is. */
export const withNames = (text: string, names: Names) => text.replace(ID, (id) => names.get(id) ?? id);

/** What something was done to, in words: "Camera Gate" for `camera/7d0d4bd6-...`. */
export function subjectText(subject: string, names: Names): string {
  const slash = subject.indexOf('/');
  const kind = wordFor('auditSubject', slash < 0 ? subject : subject.slice(0, slash));
  const called = slash < 0 ? '' : subject.slice(slash + 1);
  const name = called.replace(ID, (id) => names.get(id) ?? `${id.slice(0, ID_SHOWN)}…`);
  return `${kind} ${name}`.trim();
}
