// SPDX-License-Identifier: Apache-2.0
import type { AuditEntry } from '../../api/audit';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';

const ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
/** So much of an id tells one from another, where there is no name. */
const ID_SHOWN = 8;

/** By id. */
export type Names = ReadonlyMap<string, string>;

/** How things are called, and how those were that have been removed, as far as the entries tell. */
export function namesOf(cameras: readonly Camera[], entries: readonly AuditEntry[]): Names {
  const names = new Map<string, string>();
  // Newest first: what something was called last is met first.
  for (const { subject, before, after } of entries) {
    const name = after.name ?? after.title ?? before.name ?? before.title;
    const [id] = subject?.match(ID) ?? [];
    if (id && name && !names.has(id)) {
      names.set(id, name);
    }
  }
  for (const { id, name } of cameras) {
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
