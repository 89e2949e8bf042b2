// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import type { AuditEntry } from '../../api/audit';
import en from '../../i18n/en.json';

/** Actions and families this console has words for; a server may have more. */
export const KNOWN_ACTIONS = Object.entries(en.auditAction).flatMap(([family, actions]) =>
  Object.keys(actions).map((action) => (action === 'all' ? `${family}.*` : `${family}.${action}`)),
);

/** An action or a family in words; one without them by its name. */
export function actionText(action: string): string {
  const key = `auditAction.${action.replace('*', 'all')}`;
  return i18next.exists(key) ? i18next.t(key) : action;
}

/** How it ended, as a word of `audit`: what a camera was told before it went away may be done. */
export function outcomeOf({
  done,
  after,
}: Pick<AuditEntry, 'done' | 'after'>): 'done' | 'refused' | 'unknown' {
  return !done ? 'refused' : after.outcome === 'unknown' ? 'unknown' : 'done';
}
