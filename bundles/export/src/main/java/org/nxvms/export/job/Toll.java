// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Passed before each piece is written: says whether there is room, waits until it is its turn, and ends a job that nobody
 * wants any more. One thread at a time.
 */
final class Toll {
    /** Room is looked for each time so much was written; the disk's reserve is a multiple of it. */
    private static final long LOOK_BYTES = 8L << 20;

    private static final long WAIT_NS_MAX = 100_000_000L;
    /** Retention looks each few seconds whether it is to make room. */
    private static final long ROOM_WAIT_NS_MAX = 60_000_000_000L;

    private final Disk disk;
    private final long bytesPerSecond;
    private final BooleanSupplier unwanted;
    private long untilNs = System.nanoTime();
    private long unlooked = LOOK_BYTES;

    /** Says why nothing more may be written. */
    @FunctionalInterface
    interface Disk {
        void requireRoom(long bytes) throws IOException;
    }

    /** The job was taken back, or its bundle stops. */
    static final class UnwantedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    Toll(Disk disk, long bytesPerSecond, BooleanSupplier unwanted) {
        this.disk = disk;
        this.bytesPerSecond = bytesPerSecond;
        this.unwanted = unwanted;
    }

    void pass(long bytes) throws IOException, UnwantedException {
        unlooked += bytes;
        if (unlooked >= LOOK_BYTES) {
            awaitRoom(LOOK_BYTES + bytes);
            unlooked = 0;
        }
        long now = System.nanoTime();
        // Nobody saves up: after a pause it goes on at its pace.
        untilNs = Math.max(untilNs, now - WAIT_NS_MAX) + (long) (bytes * 1e9 / bytesPerSecond);
        require();
        while (untilNs - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, Math.min(WAIT_NS_MAX, untilNs - System.nanoTime()));
            require();
        }
    }

    private void awaitRoom(long bytes) throws IOException, UnwantedException {
        long giveUpNs = System.nanoTime() + ROOM_WAIT_NS_MAX;
        while (true) {
            try {
                disk.requireRoom(bytes);
                return;
            } catch (PackageRoom.NoRoomException full) {
                if (!full.isPassing() || giveUpNs - System.nanoTime() < 0) {
                    throw full;
                }
            }
            require();
            LockSupport.parkNanos(this, WAIT_NS_MAX);
        }
    }

    void require() throws UnwantedException {
        if (unwanted.getAsBoolean()) {
            throw new UnwantedException();
        }
    }
}
