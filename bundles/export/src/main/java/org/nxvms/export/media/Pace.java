// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks off downloads that are hardly taken: each has a place that others may want, for twelve hours at most. Who took less than
 * {@link #BYTES_LEAST} in a minute, and is being waited for, goes on with a range, when a place is free. Where it is the disk that is
 * slow, nobody is broken off. One thread looks.
 */
final class Pace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
    /** 17 kB/s: a package of a gigabyte would take most of a day, and no line that is used for that is so slow. */
    static final long BYTES_LEAST = 1 << 20;

    private static final int EVERY_SECONDS = 60;
    /** Nobody has looked yet. */
    private static final long NEW = -1;

    /** What was sent of each when it was looked at last. */
    private final Map<Download, Long> sent = new ConcurrentHashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "nxvms-export-pace");
        made.setDaemon(true);
        return made;
    });

    /** A package that is sent. Any thread. */
    interface Download {
        /** {@return bytes that the client took, but for a little on its way} */
        long sent();

        /** {@return whether what was read waits for the client to take it, not for the disk} */
        boolean waitsForClient();

        boolean isOver();

        /** Ends it, so that the client sees that it is not whole. */
        void breakOff();
    }

    /** Looks from now on. */
    void open() {
        thread.scheduleWithFixedDelay(this::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** Keeps an eye on a download until it is over. */
    void watch(Download download) {
        sent.put(download, NEW);
    }

    /** Once a minute. */
    void look() {
        for (Map.Entry<Download, Long> each : sent.entrySet()) {
            try {
                look(each);
            } catch (RuntimeException e) {
                // A task that throws is not called again, and the others have their pace, too.
                LOG.error("A download cannot be looked after; tried again in {} s", EVERY_SECONDS, e);
            }
        }
    }

    private void look(Map.Entry<Download, Long> each) {
        Download download = each.getKey();
        long before = each.getValue();
        long now = download.sent();
        if (download.isOver()) {
            sent.remove(download);
        } else if (before != NEW && now - before < BYTES_LEAST && download.waitsForClient()) {
            download.breakOff();
        } else {
            each.setValue(now);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
