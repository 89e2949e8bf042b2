// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.nxvms.events.EventBus;
import org.nxvms.events.EventEngine;
import org.nxvms.events.keep.Retention;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** What the stories share. */
public final class House {
    public static final UUID SERVER = new UUID(7, 7);
    public static final UUID CAMERA = new UUID(1, 1);
    public static final int FOLLOWERS_MAX = 10;
    public static final int FOLLOWERS_PER_USER_MAX = 8;
    private static final long WAIT_S_MAX = 120;

    private House() {}

    public static ServerIdentity identity(Path folder) {
        return new ServerIdentity() {
            @Override
            public UUID serverId() {
                return SERVER;
            }

            @Override
            public String name() {
                return "test";
            }

            @Override
            public Path dataFolder() {
                return folder;
            }
        };
    }

    public static EventEngine.Settings settings(long spoolBytesMax) {
        return new EventEngine.Settings(
                new Retention.Limits(100_000, 1_000_000), spoolBytesMax, 60, FOLLOWERS_MAX, FOLLOWERS_PER_USER_MAX);
    }

    public static EventBus bus(Path folder, MemoryStore store) {
        EventBus bus = new EventBus(identity(folder), settings(1 << 20));
        bus.bindStore(store);
        return bus;
    }

    public static EventFact fact(String kind, String detail) {
        return EventFact.of(EventSource.camera(CAMERA, ""), kind, EventSeverity.INFO, detail, EventAttributes.NONE);
    }

    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain until " + what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
