// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Events grow old by the clock that is given, which is not the wall clock, and by none while there is none. */
class RetentionTest {
    private static final UUID SERVER = new UUID(7, 7);
    private static final long START_US = 1_763_800_000_000_000L;
    private static final long DAY_US = TimeUnit.DAYS.toMicros(1);

    private final MemoryStore store = new MemoryStore();
    private final AtomicReference<OptionalLong> age = new AtomicReference<>(OptionalLong.empty());
    private final AtomicLong livedMs = new AtomicLong();
    private final Retention retention = new Retention(SERVER, new Retention.Limits(10, 1_000), age::get, livedMs::get);

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

    private int kept(OptionalLong now) {
        age.set(now);
        livedMs.addAndGet(TimeUnit.MINUTES.toMillis(2));
        retention.turn(store);
        return store.countNow();
    }

    @Test
    void eventsAreRemovedByTheAgeClockAlone() {
        assertThat(kept(OptionalLong.empty())).as("no clock is known").isEqualTo(10);
        assertThat(kept(OptionalLong.of(START_US))).isEqualTo(10);
        assertThat(kept(OptionalLong.of(START_US + 3 * DAY_US + 1))).isEqualTo(7);
        assertThat(kept(OptionalLong.empty()))
                .as("the archive is being replaced")
                .isEqualTo(7);
        assertThat(kept(OptionalLong.of(START_US + 5 * DAY_US + 1))).isEqualTo(5);
    }
}
