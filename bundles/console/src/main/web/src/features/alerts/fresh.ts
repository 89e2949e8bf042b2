// SPDX-License-Identifier: Apache-2.0
import type { EventItem } from '../../api/types';
import { SEVERITIES, type Severity } from './alertSettings';

/** Events that began since the last look. Ids are in the order in which events became known. */
export class Fresh {
  private seen: string | undefined;

  /** @returns what is new among them, the newest first; of the first look nothing: what was before is no news */
  of(events: readonly EventItem[]): EventItem[] {
    const newest = events.reduce((last, { id }) => (id > last ? id : last), this.seen ?? '');
    const before = this.seen;
    this.seen = newest;
    return before === undefined ? [] : events.filter(({ id }) => id > before);
  }
}

/** A severity that this console does not know is taken for the least. */
export const severityOf = ({ severity }: EventItem): Severity =>
  SEVERITIES.find((known) => known === severity) ?? 'info';

export const worstOf = (events: readonly EventItem[]): Severity =>
  SEVERITIES.findLast((severity) => events.some((event) => severityOf(event) === severity)) ?? 'info';
