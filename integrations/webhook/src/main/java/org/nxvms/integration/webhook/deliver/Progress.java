// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;

/**
 * How far an endpoint got. What was to be sent and was removed by retention meanwhile is found by <em>looks</em>: how many
 * events that do not change any more wait between here and a sequence. Among those only delivery and retention make fewer.
 *
 * @param sequence of the last change that was sent or is not wanted; -1 before the first look at the events
 * @param delivered messages that arrived
 * @param failures attempts that failed
 * @param lost events that were to be sent and never will be
 * @param lostTold how many of those the endpoint has been told of
 * @param lookFilter what was counted; a look counts for its filter alone
 * @param lookThrough up to which sequence was counted
 * @param lookCount how many of those are still to be sent
 */
record Progress(
        long sequence,
        long delivered,
        long failures,
        long lost,
        long lostTold,
        String lookFilter,
        long lookThrough,
        long lookCount,
        Optional<Instant> deliveredAt) {
    static final Progress NONE = new Progress(-1, 0, 0, 0, 0, "", 0, 0, Optional.empty());

    /** {@return a filter in words that are the same in each process} */
    static String words(EventFilter filter) {
        return filter.severityMin() + " " + new TreeSet<>(filter.kinds()) + " "
                + filter.cameras().stream().map(Object::toString).sorted().collect(Collectors.joining(","));
    }

    /** {@return whether nothing differs but how many unwanted events went by} */
    boolean differsInSequenceAlone(Progress other) {
        return at(other.sequence).equals(other);
    }

    boolean hasBegun() {
        return sequence >= 0;
    }

    /** Goes on behind another sequence. */
    Progress at(long newSequence) {
        return new Progress(
                newSequence, delivered, failures, lost, lostTold, lookFilter, lookThrough, lookCount, deliveredAt);
    }

    /** A look with another filter says nothing for this one. */
    Progress under(EventFilter filter) {
        return words(filter).equals(lookFilter)
                ? this
                : new Progress(
                        sequence, delivered, failures, lost, lostTold, words(filter), lookThrough, 0, deliveredAt);
    }

    /** A change was sent, given up or not wanted. */
    Progress passed(Event event, boolean wanted) {
        boolean beyond = event.sequence() > lookThrough;
        boolean counted = wanted && !beyond && !event.span().lasts();
        long gone = beyond ? lookCount : 0;
        long left = beyond ? 0 : Math.max(0, lookCount - (counted ? 1 : 0));
        return new Progress(
                event.sequence(),
                delivered,
                failures,
                lost + gone,
                lostTold,
                lookFilter,
                lookThrough,
                left,
                deliveredAt);
    }

    /** The endpoint has it, and what it was told with it. */
    Progress arrived(long nowTold, Instant now) {
        return new Progress(
                sequence, delivered + 1, failures, lost, nowTold, lookFilter, lookThrough, lookCount, Optional.of(now));
    }

    Progress failed() {
        return new Progress(
                sequence, delivered, failures + 1, lost, lostTold, lookFilter, lookThrough, lookCount, deliveredAt);
    }

    Progress givenUp() {
        return new Progress(
                sequence, delivered, failures, lost + 1, lostTold, lookFilter, lookThrough, lookCount, deliveredAt);
    }

    /**
     * Counted again.
     *
     * @param still how many of the last look's are there now
     * @param through up to where was counted now, and how many there are
     */
    Progress looked(long still, long through, long count) {
        return new Progress(
                sequence,
                delivered,
                failures,
                lost + Math.max(0, lookCount - still),
                lostTold,
                lookFilter,
                through,
                count,
                deliveredAt);
    }
}
