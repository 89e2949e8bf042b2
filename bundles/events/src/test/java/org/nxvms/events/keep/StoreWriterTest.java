// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.events.fake.House;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.event.EventStore;

/** The thread that stores events, and stores that come and go. */
class StoreWriterTest {
    private static final Retention.Limits LIMITS = new Retention.Limits(10, 1_000);

    @TempDir
    private Path folder;

    private final EventStore first = new MemoryStore();
    private final EventStore second = new MemoryStore();
    private final AtomicReference<EventStore> store = new AtomicReference<>(first);
    private final AtomicReference<Runnable> whileItLooks = new AtomicReference<>(() -> {});
    private final List<EventStore> connected = new CopyOnWriteArrayList<>();
    private final AtomicBoolean made = new AtomicBoolean();

    /** Of retention: after the first look at it nothing is to be done for a day. */
    private long nowMs() {
        whileItLooks.get().run();
        return made.getAndSet(true) ? 0 : TimeUnit.DAYS.toMillis(1);
    }

    /** As when the bundle of the database is exchanged. */
    @Test
    void aStoreThatComesBetweenTheLastStepAndTheRestIsKnownAtOnce() {
        Retention retention = new Retention(House.SERVER, LIMITS, OptionalLong::empty, this::nowMs);
        try (StoreWriter writer =
                new StoreWriter(() -> Optional.ofNullable(store.get()), connected::add, folder, 1 << 20, retention)) {
            whileItLooks.set(() -> {
                if (store.compareAndSet(first, second)) {
                    writer.storeAppeared();
                }
            });
            writer.start();
            House.until("the second store is known", () -> connected.contains(second));
        }
        assertThat(connected).containsExactly(first, second);
    }
}
