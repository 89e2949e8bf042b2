// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.concurrent.atomic.AtomicBoolean;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has footage rolled up that was indexed before there were roll-ups, once, on a thread of its own: it may take minutes, and
 * rows are written meanwhile.
 */
final class RollUps {
    private static final Logger LOG = LoggerFactory.getLogger(RollUps.class);

    private final AtomicBoolean begun = new AtomicBoolean();

    /** The index came (back). Returns at once. */
    void index(ChunkIndex index) {
        if (begun.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> run(index), "nxvms-archive-rollups");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        }
    }

    private void run(ChunkIndex index) {
        try {
            long days = index.rollUpOnce();
            if (days > 0) {
                LOG.info("Rolled up {} days of footage of before there were roll-ups", days);
            }
        } catch (StoreException databaseGone) {
            LOG.info("Roll-ups are checked when the database is back: {}", databaseGone.getMessage());
            begun.set(false);
        } catch (RuntimeException failed) {
            LOG.error("Roll-ups could not be checked; nxvms:archive-rebuild does the same", failed);
        }
    }
}
