// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.event.EventFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The progress of one endpoint, in memory and, a moment later, in its file. Any thread. */
final class KeptProgress {
    /** How old the file may be when nothing but unwanted events went by: a restart looks at them again, at no one's cost. */
    private static final long UNWANTED_MS_MAX = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeptProgress.class);

    private final String name;
    private final ProgressFile file;
    private final long saveMs;
    private volatile Progress now = Progress.NONE;
    private Progress saved = Progress.NONE;
    private long savedNs = System.nanoTime();
    private boolean failing;
    private boolean over;

    KeptProgress(String name, ProgressFile file, long saveMs) {
        this.name = name;
        this.file = file;
        this.saveMs = saveMs;
    }

    /** Goes on where the file ends; {@return false when there is one that cannot be read: what waited is lost then} */
    synchronized boolean load(EventFilter filter) {
        if (over) {
            return true;
        }
        try {
            saved = file.read();
            now = saved.under(filter);
            return true;
        } catch (IOException spoilt) {
            LOG.error(
                    "How far webhook {} got cannot be read ({}); it goes on with what happens from now on",
                    name,
                    spoilt.getMessage());
            now = Progress.NONE.givenUp().under(filter);
            return false;
        }
    }

    Progress now() {
        return now;
    }

    synchronized void set(Progress next) {
        if (!over) {
            now = next;
        }
    }

    /** {@return milliseconds until it is to be saved; as long as there is nothing to save, for ever} */
    synchronized long dueMs() {
        if (now == saved) {
            return Long.MAX_VALUE;
        }
        boolean onlyUnwanted = saved.hasBegun() && now.differsInSequenceAlone(saved);
        long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - savedNs);
        return Math.max(0, (onlyUnwanted ? UNWANTED_MS_MAX : saveMs) - sinceMs);
    }

    synchronized void save() {
        savedNs = System.nanoTime();
        if (now == saved || over) {
            return;
        }
        try {
            file.write(now);
            saved = now;
            failing = false;
        } catch (IOException full) {
            if (!failing) {
                LOG.warn(
                        "How far webhook {} got cannot be kept ({}); messages come twice after a restart",
                        name,
                        full.getMessage());
            }
            failing = true;
        }
    }

    /** Saves, and takes no more: the file belongs to a successor. */
    synchronized void close() {
        save();
        over = true;
    }
}
