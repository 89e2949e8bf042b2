// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Events grow old by the time that has passed, and a clock that is set by mistake deletes none. */
class RetentionTest {
    private static final UUID SERVER = new UUID(7, 7);
    private static final long START_US = 1_763_800_000_000_000L;
    private static final long DAY_US = TimeUnit.DAYS.toMicros(1);

    private final MemoryStore store = new MemoryStore();
    private final AtomicLong wallUs = new AtomicLong(START_US);
    private final AtomicLong livedMs = new AtomicLong();
    private final Retention retention =
            new Retention(SERVER, new Retention.Limits(10, 1_000), wallUs::get, livedMs::get);

    @BeforeEach
    void anEventADay() {
        for (int day = 0; day < 10; day++) {
            EventFact fact = new EventFact(
                    EventSource.camera(new UUID(3, 3), "input/1"),
                    "camera.input",
                    EventSeverity.WARNING,
                    "",
                    EventAttributes.of(Map.of()),
                    Optional.empty());
            EventSpan span =
                    EventSpan.open(START_US - day * DAY_US).ended(START_US - day * DAY_US, EventSpan.EndReason.LAPSED);
            store.save(List.of(new Event(new UUID(1, day), SERVER, day, fact, span)));
        }
        retention.connected(store);
    }

    private int keptAfter(long lived, long clockAheadUs) {
        livedMs.addAndGet(TimeUnit.MICROSECONDS.toMillis(lived));
        wallUs.set(START_US + TimeUnit.MILLISECONDS.toMicros(livedMs.get()) + clockAheadUs);
        retention.turn(store);
        return store.countNow();
    }

    @Test
    void aClockFarAheadDeletesNothingAndTimeThatPassesDoes() {
        assertThat(keptAfter(TimeUnit.MINUTES.toMicros(2), 0)).isEqualTo(10);
        assertThat(keptAfter(TimeUnit.MINUTES.toMicros(2), 365 * DAY_US)).isEqualTo(10);
        assertThat(keptAfter(TimeUnit.MINUTES.toMicros(2), -365 * DAY_US)).isEqualTo(10);
        assertThat(keptAfter(3 * DAY_US, 365 * DAY_US)).isEqualTo(7);
        assertThat(keptAfter(2 * DAY_US, 0)).isEqualTo(5);
    }
}
