// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.storage.spi.Volume;

/** {@code volume.*}: volumes that come, go, and do not take footage. */
final class VolumeWatch {
    /** A volume's service goes and comes again when its settings change or its bundle is replaced. */
    private static final long GONE_US_MIN = TimeUnit.SECONDS.toMicros(10);

    private record Known(String name, long seenUs) {}

    private final EventPublisher publisher;
    private final LongSupplier nowUs;
    private final Holding unavailable;
    private final Map<UUID, Known> known = new HashMap<>();
    private final long beganUs;

    VolumeWatch(EventPublisher publisher, LongSupplier nowUs) {
        this.publisher = publisher;
        this.nowUs = nowUs;
        this.unavailable = new Holding(publisher, EventKinds.VOLUME_UNAVAILABLE);
        this.beganUs = nowUs.getAsLong();
    }

    void look(List<Volume> volumes) {
        long now = nowUs.getAsLong();
        unavailable.begin();
        Set<UUID> seen = new HashSet<>();
        for (Volume volume : volumes) {
            seen.add(volume.id());
            // Those of the first seconds were there before.
            if (known.put(volume.id(), new Known(volume.name(), now)) == null && now - beganUs > GONE_US_MIN) {
                isAdded(volume, now);
            }
            Volume.Status status = volume.status();
            if (status != Volume.Status.READY) {
                isUnavailable(volume, status, now);
            }
        }
        unavailable.finish(now);
        known.entrySet().removeIf(entry -> isGone(entry.getKey(), entry.getValue(), seen, now));
    }

    private void isAdded(Volume volume, long now) {
        publisher.pulse(
                EventFact.of(
                        EventSource.volume(volume.id()),
                        EventKinds.VOLUME_ADDED,
                        EventSeverity.INFO,
                        "",
                        EventAttributes.NONE.with("name", volume.name())),
                now);
    }

    private void isUnavailable(Volume volume, Volume.Status status, long now) {
        EventAttributes attributes = EventAttributes.NONE
                .with("name", volume.name())
                .with("status", status.name().toLowerCase(Locale.ROOT));
        unavailable.holds(
                EventFact.of(
                        EventSource.volume(volume.id()),
                        EventKinds.VOLUME_UNAVAILABLE,
                        EventSeverity.CRITICAL,
                        volume.statusDetail(),
                        attributes),
                now);
    }

    private boolean isGone(UUID id, Known volume, Set<UUID> seen, long now) {
        boolean gone = !seen.contains(id) && now - volume.seenUs() > GONE_US_MIN;
        if (gone) {
            publisher.pulse(
                    EventFact.of(
                            EventSource.volume(id),
                            EventKinds.VOLUME_REMOVED,
                            EventSeverity.WARNING,
                            "The volume is no longer configured, or what serves it is gone.",
                            EventAttributes.NONE.with("name", volume.name())),
                    now);
        }
        return gone;
    }
}
