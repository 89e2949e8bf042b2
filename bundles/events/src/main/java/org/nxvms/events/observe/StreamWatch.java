// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.rest.kit.problem.Times;

/** {@code stream.down}: a wished stream that does not arrive, with the ingest's cause. */
final class StreamWatch {
    /** A camera that is asked for the first time, or again after a jolt, is given this long. */
    private static final long CONNECTING_US_MAX = TimeUnit.SECONDS.toMicros(10);

    private final Holding down;
    private final LongSupplier nowUs;

    StreamWatch(EventPublisher publisher, LongSupplier nowUs) {
        this.down = new Holding(publisher, EventKinds.STREAM_DOWN);
        this.nowUs = nowUs;
    }

    /** {@return cameras all of whose wished streams arrive} */
    Set<UUID> look(List<StreamIngest> ingests) {
        Set<UUID> arriving = new HashSet<>();
        Set<UUID> others = new HashSet<>();
        down.begin();
        for (StreamIngest ingest : ingests) {
            for (IngestStatus status : ingest.statuses()) {
                look(status);
                boolean arrives = status.state() == IngestStatus.State.STREAMING;
                (arrives ? arriving : others).add(status.stream().cameraId());
            }
        }
        down.finish(nowUs.getAsLong());
        arriving.removeAll(others);
        return arriving;
    }

    private void look(IngestStatus status) {
        boolean arrives = status.state() == IngestStatus.State.STREAMING;
        if (arrives && down.isEmpty()) {
            return;
        }
        EventSource source = EventSource.stream(status.stream());
        long sinceUs = Times.micros(status.since());
        if (arrives) {
            down.over(source, sinceUs);
            return;
        }
        if (status.cause().equals(Optional.of(GapCause.AUTH))) {
            // The camera says so itself, once for all its streams: camera.unauthorized.
            return;
        }
        boolean given = status.cause().isPresent() || nowUs.getAsLong() - sinceUs > CONNECTING_US_MAX;
        if (given) {
            EventAttributes attributes = status.cause()
                    .map(cause ->
                            EventAttributes.NONE.with("cause", cause.name().toLowerCase(Locale.ROOT)))
                    .orElse(EventAttributes.NONE);
            down.holds(
                    EventFact.of(source, EventKinds.STREAM_DOWN, EventSeverity.WARNING, status.detail(), attributes),
                    sinceUs);
        }
    }
}
