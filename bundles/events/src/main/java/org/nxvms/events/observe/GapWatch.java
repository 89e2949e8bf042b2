// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code recording.gap}: footage that is missing for more than two seconds although it was wanted. The archive tells of
 * gaps; they are noted and said at the next look.
 */
final class GapWatch {
    private static final Logger LOG = LoggerFactory.getLogger(GapWatch.class);
    /** Shorter is no loss that anybody must act on (promise 1). */
    static final long GAP_US_MIN = TimeUnit.SECONDS.toMicros(2);
    /** Every stream of a large server at once, several times over; more between two looks are told by the timeline only. */
    private static final int NOTED_MAX = 16_384;
    /** Gaps that ended: the archive may tell of one again. */
    private static final int ENDED_MAX = 4_096;

    private static final Set<GapCause> WANTED = EnumSet.complementOf(EnumSet.of(
            GapCause.NOT_SCHEDULED, GapCause.NO_EVENT, GapCause.DELETED_BY_RETENTION, GapCause.DELETED_BY_USER));

    /**
     * A few lost packets, a corrected clock and what an administrator does to the server are no reason to run; of a server
     * that crashed one event tells for all.
     */
    private static final Set<GapCause> MILD =
            EnumSet.of(GapCause.PACKET_LOSS, GapCause.CLOCK_JUMP, GapCause.SERVER_DOWN, GapCause.MAINTENANCE);

    private final EventPublisher publisher;
    private final EventLog log;
    private final LongSupplier nowUs;
    private final List<Gap> noted = new ArrayList<>();
    private final Map<StreamId, Gap> open = new LinkedHashMap<>();
    private final Set<UUID> held = new HashSet<>();
    private final Map<UUID, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > ENDED_MAX;
        }
    };
    private boolean full;

    GapWatch(EventPublisher publisher, EventLog log, LongSupplier nowUs) {
        this.publisher = publisher;
        this.log = log;
        this.nowUs = nowUs;
    }

    /** Any thread; returns at once. */
    void changed(Gap gap) {
        synchronized (noted) {
            if (noted.size() < NOTED_MAX) {
                noted.add(gap);
            } else if (!full) {
                full = true;
                LOG.warn("More gaps come than can be told as events; the timeline has them all");
            }
        }
    }

    /** It was no gap, or a shorter one than matters. */
    void dropped(Gap gap) {
        changed(new Gap(
                gap.id(),
                gap.stream(),
                gap.fromUs(),
                java.util.OptionalLong.of(gap.fromUs()),
                gap.cause(),
                gap.detail()));
    }

    /** @param known cameras of the server; a gap of another, as a rebuild may find it in a journal, is no state of anything */
    void look(Predicate<UUID> known) {
        List<Gap> news;
        synchronized (noted) {
            news = List.copyOf(noted);
            noted.clear();
            full = false;
        }
        news.forEach(this::take);
        long now = nowUs.getAsLong();
        endStrays(known, now);
        for (Gap gap : open.values()) {
            if (now - gap.fromUs() > GAP_US_MIN) {
                publisher.hold(fact(gap), gap.fromUs(), Holding.HOLD_SECONDS);
                held.add(gap.id());
            }
        }
    }

    private void endStrays(Predicate<UUID> known, long now) {
        Iterator<Gap> gaps = open.values().iterator();
        while (gaps.hasNext()) {
            Gap gap = gaps.next();
            if (!known.test(gap.stream().cameraId())) {
                gaps.remove();
                if (held.remove(gap.id()) || isOn(gap)) {
                    publisher.end(EventSource.stream(gap.stream()), EventKinds.RECORDING_GAP, now);
                }
            }
        }
    }

    private void take(Gap gap) {
        boolean done = ended.containsKey(gap.id());
        if (done || !WANTED.contains(gap.cause())) {
            return;
        }
        if (gap.toUs().isEmpty()) {
            open.put(gap.stream(), gap);
            return;
        }
        ended.put(gap.id(), true);
        open.values().removeIf(known -> known.id().equals(gap.id()));
        long toUs = gap.toUs().getAsLong();
        if (held.remove(gap.id()) || isOn(gap)) {
            publisher.end(EventSource.stream(gap.stream()), EventKinds.RECORDING_GAP, toUs);
        } else if (toUs - gap.fromUs() > GAP_US_MIN) {
            publisher.past(fact(gap), gap.fromUs(), toUs);
        }
    }

    /** Said by an earlier process, and still on. */
    private boolean isOn(Gap gap) {
        EventSource source = EventSource.stream(gap.stream());
        return log.open(EventFilter.ofKinds(EventKinds.RECORDING_GAP)).stream()
                .anyMatch(event -> event.source().equals(source)
                        && event.fact().correlationId().equals(Optional.of(gap.id())));
    }

    private static EventFact fact(Gap gap) {
        boolean mild = MILD.contains(gap.cause());
        return EventFact.of(
                        EventSource.stream(gap.stream()),
                        EventKinds.RECORDING_GAP,
                        mild ? EventSeverity.WARNING : EventSeverity.CRITICAL,
                        gap.detail(),
                        EventAttributes.NONE.with("cause", gap.cause().name().toLowerCase(Locale.ROOT)))
                .correlated(gap.id());
    }
}
