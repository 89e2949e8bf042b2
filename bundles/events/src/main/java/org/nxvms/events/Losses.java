// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loss of events is an event too; one a second says how many. The bus's thread only. */
final class Losses {
    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
    private static final long REPORT_MS_MIN = 1_000;

    private final UUID serverId;
    private final Function<EventFact, Event> pulse;
    private long reportedDropped;
    private long reportedLost;
    private long reportAtMs = Long.MIN_VALUE;

    Losses(UUID serverId, Function<EventFact, Event> pulse) {
        this.serverId = serverId;
        this.pulse = pulse;
    }

    /** @param changes takes the events that say so */
    void report(long nowMs, long dropped, long lost, List<Event> changes) {
        boolean nothingNew = dropped == reportedDropped && lost == reportedLost;
        if (nothingNew || nowMs < reportAtMs) {
            return;
        }
        reportAtMs = nowMs + REPORT_MS_MIN;
        if (dropped > reportedDropped) {
            long count = dropped - reportedDropped;
            String detail = "More events were published than the server could take; " + count + " were dropped.";
            LOG.warn(detail);
            changes.add(loss(EventKinds.EVENTS_DROPPED, EventSeverity.WARNING, detail, count));
        }
        if (lost > reportedLost) {
            long count = lost - reportedLost;
            String detail = "The database is away and the spool is full; " + count
                    + " events were delivered but not kept. Bring the database back.";
            LOG.error(detail);
            changes.add(loss(EventKinds.EVENTS_NOT_STORED, EventSeverity.CRITICAL, detail, count));
        }
        reportedDropped = dropped;
        reportedLost = lost;
    }

    private Event loss(String kind, EventSeverity severity, String detail, long count) {
        return pulse.apply(EventFact.of(
                EventSource.server(serverId, "events"),
                kind,
                severity,
                detail,
                EventAttributes.of(Map.of("count", count))));
    }
}
