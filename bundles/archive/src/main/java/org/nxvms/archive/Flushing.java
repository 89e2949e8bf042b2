// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Makes what is appended to the open chunks of a volume durable every few seconds. Recorders add, the keeper flushes. */
final class Flushing {
    private final long intervalNanos;
    private final VolumeFitness fitness;
    private final KeeperWatch watch;
    private final Map<OpenChunk, Long> last = new ConcurrentHashMap<>();

    Flushing(int intervalSeconds, VolumeFitness fitness) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
        this.fitness = fitness;
        this.watch = fitness.keeper();
    }

    void add(OpenChunk chunk) {
        last.put(chunk, System.nanoTime());
    }

    /** Sealing cares for it from now on. */
    void remove(OpenChunk chunk) {
        last.remove(chunk);
    }

    /** {@return whether no chunk is open} */
    boolean isEmpty() {
        return last.isEmpty();
    }

    void turn() {
        long now = System.nanoTime();
        for (Map.Entry<OpenChunk, Long> due : last.entrySet()) {
            OpenChunk chunk = due.getKey();
            if (now - due.getValue() < intervalNanos || chunk.isDoubted()) {
                continue;
            }
            try {
                watch.during("syncing " + chunk.path(), chunk::force);
                last.replace(chunk, System.nanoTime());
            } catch (IOException failed) {
                // The run breaks off at its next fragment; sealing reads back what is in doubt.
                fitness.failed(failed);
                return;
            }
        }
    }
}
