// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errands of one kind that are under way: one a camera, so many in all, and of one driver half of them, so that one that hangs
 * leaves room for others. Any thread.
 */
final class Errands<E extends Errand> {
    /** A driver that does not return for so long hangs: twice what it was told, and some room. */
    static final int SILENT_MS_MAX = 2 * Errand.TIMEOUT_MS + 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);

    private final int max;
    private final Executor pool;
    private final Map<UUID, E> byCamera = new ConcurrentHashMap<>();
    private boolean closed;

    Errands(int max, Executor pool) {
        this.max = max;
        this.pool = pool;
    }

    /** @throws DriverException kind BUSY while there is one for this camera, or too many */
    synchronized void begin(E errand) throws DriverException {
        E other = byCamera.get(errand.camera());
        if (other != null && !other.ended()) {
            throw new DriverException(Kind.BUSY, "The camera is busy with another of the kind; try again later.");
        }
        byCamera.values().removeIf(Errand::ended);
        long ofDriver = byCamera.values().stream()
                .filter(one -> one.driver().equals(errand.driver()))
                .count();
        if (closed || byCamera.size() >= max || ofDriver >= Math.max(1, max / 2)) {
            throw new DriverException(
                    Kind.BUSY, "Too much of the kind is done with cameras at the moment; try again later.");
        }
        try {
            pool.execute(errand);
        } catch (RejectedExecutionException e) {
            throw new DriverException(Kind.BUSY, "The server is stopping, or has no thread for it; try again.");
        }
        byCamera.put(errand.camera(), errand);
    }

    /** {@return the one for a camera that has not ended} */
    Optional<E> of(UUID camera) {
        return Optional.ofNullable(byCamera.get(camera)).filter(errand -> !errand.ended());
    }

    /** No errand goes on through this driver: its bundle is going. */
    void driverGone(ShelvedDriver driver) {
        stop(errand -> errand.uses(driver));
    }

    private void stop(Predicate<E> which) {
        byCamera.values().stream().filter(which).forEach(Errand::stop);
    }

    /** To be called every few seconds. */
    void look() {
        for (E errand : byCamera.values()) {
            if (errand.silentMs() > SILENT_MS_MAX) {
                if (!errand.isStopped()) {
                    LOG.warn(
                            "The driver {} of camera {} does not return; it is interrupted",
                            errand.label().orElse(errand.driver()),
                            errand.camera());
                }
                errand.stop();
            }
        }
        byCamera.values().removeIf(Errand::ended);
    }

    /** {@return those whose driver does not return although it was told to} */
    List<E> hanging() {
        return byCamera.values().stream()
                .filter(errand -> errand.isStopped() && errand.silentMs() > SILENT_MS_MAX)
                .toList();
    }

    synchronized void close() {
        closed = true;
        stop(errand -> true);
    }
}
