// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/**
 * {@code server.started}, and whether anybody had stopped the server before. The one event that says so of a crash stands
 * for all cameras: each camera's {@code recording.gap} with the cause {@code server_down} alarms nobody by itself.
 */
final class StartWatch {
    /** So long it waits for the database; then the start is said without a look back. */
    static final int LOOKS_MAX = 30;
    /** Servers that share a database restart together at most in such numbers. */
    private static final int EARLIER_MAX = 100;

    private final EventPublisher publisher;
    private final EventLog log;
    private final UUID serverId;
    private final String version;
    private final long startedUs;
    private int looks;
    private boolean said;

    StartWatch(EventPublisher publisher, EventLog log, UUID serverId, String version, long startedUs) {
        this.publisher = publisher;
        this.log = log;
        this.serverId = serverId;
        this.version = version;
        this.startedUs = startedUs;
    }

    void look() {
        if (said) {
            return;
        }
        boolean crashed;
        try {
            crashed = lastSaid()
                    .filter(event -> event.kind().equals(EventKinds.SERVER_STARTED))
                    .isPresent();
        } catch (StoreException e) {
            if (++looks < LOOKS_MAX) {
                return;
            }
            crashed = false;
        }
        said = true;
        publisher.pulse(
                EventFact.of(
                        EventSource.server(serverId, ""),
                        EventKinds.SERVER_STARTED,
                        crashed ? EventSeverity.CRITICAL : EventSeverity.INFO,
                        crashed
                                ? "The server started. Nobody had stopped it before: it crashed, was killed or lost its"
                                        + " power. What was not recorded meanwhile is shown as gaps."
                                : "The server started.",
                        EventAttributes.NONE.with("version", version).with("crashed", crashed)),
                startedUs);
    }

    /** The last start or stop of this server before this start. */
    private Optional<Event> lastSaid() {
        EventFilter earlier = new EventFilter(
                OptionalLong.empty(),
                OptionalLong.of(startedUs),
                Set.of(EventKinds.SERVER_STARTED, EventKinds.SERVER_STOPPED),
                Set.of(),
                EventSeverity.INFO);
        return log.find(new EventQuery(earlier, Optional.empty(), EARLIER_MAX)).stream()
                .filter(event -> event.serverId().equals(serverId))
                .findFirst();
    }
}
