// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { ApiProblem, NetworkProblem } from '../api/problem';

/** What kind of problem it is. */
export function problemTitle(error: ApiProblem): string {
  const known = `problem.${error.kind}`;
  return i18next.exists(known) ? i18next.t(known) : error.title;
}

/** Whose own words say all there is to say; the server's sentence would say it twice. */
const SAYS_ALL = new Set(['precondition-failed']);

/** What to tell a person about a failed request: the server's own sentence where there is one. */
export function problemText(error: unknown): string {
  if (error instanceof NetworkProblem) {
    return i18next.t('problem.network');
  }
  if (error instanceof ApiProblem) {
    const title = problemTitle(error);
    const more = error.detail !== '' && error.detail !== title && !SAYS_ALL.has(error.kind);
    return more ? `${title}: ${error.detail}` : title;
  }
  return error instanceof Error ? error.message : String(error);
}
