// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.SetupBatch;

/** Runs one batch at a time, and remembers the last few. Any thread. */
final class Batches {
    /** So many cameras are tried at once; the rest of the places is for those that are added one by one. */
    static final int WORKERS_MAX = Setup.AT_ONCE_MAX - 2;

    private static final int BATCHES_MAX = 4;

    private final Map<UUID, Batch> batches = new LinkedHashMap<>();
    private final ExecutorService pool;

    Batches(ExecutorService pool) {
        this.pool = pool;
    }

    SetupBatch begin(List<CameraSetup.Order> orders, Batch.Adder adder, Consumer<Camera> added) {
        if (orders.isEmpty() || orders.size() > CameraSetup.ORDERS_MAX) {
            throw new IllegalArgumentException(
                    "Give 1.." + CameraSetup.ORDERS_MAX + " cameras, not " + orders.size() + ".");
        }
        Batch batch = new Batch(orders, adder, added);
        synchronized (batches) {
            if (batches.values().stream().anyMatch(Batch::runs)) {
                throw new IllegalStateException("Cameras are being added already; wait for the end of that batch");
            }
            batches.put(batch.id(), batch);
            batches.keySet().stream()
                    .limit(Math.max(0, batches.size() - BATCHES_MAX))
                    .toList()
                    .forEach(batches::remove);
        }
        int workers = 0;
        try {
            for (; workers < Math.min(WORKERS_MAX, orders.size()); workers++) {
                pool.execute(batch::work);
            }
        } catch (RejectedExecutionException busy) {
            if (workers == 0) {
                batch.giveUp();
                throw new IllegalStateException("The server is stopping or fully busy; try again in a few seconds");
            }
        }
        return batch.report();
    }

    Optional<Batch> find(UUID id) {
        synchronized (batches) {
            return Optional.ofNullable(batches.get(id));
        }
    }
}
