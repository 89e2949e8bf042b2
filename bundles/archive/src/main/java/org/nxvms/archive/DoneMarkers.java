// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Markers of chunks that have their row, or are gone: each goes when no power cut can take that back. Any thread adds. */
final class DoneMarkers {
    private record Done(String path, long dueNanos) {}

    private final Markers markers;
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();

    DoneMarkers(Markers markers) {
        this.markers = markers;
    }

    void add(String path, Duration after) {
        done.add(new Done(path, System.nanoTime() + after.toNanos()));
    }

    /** Removes those that are due. */
    void clear() throws IOException {
        for (Iterator<Done> all = done.iterator(); all.hasNext(); ) {
            Done one = all.next();
            if (System.nanoTime() - one.dueNanos() >= 0) {
                markers.clear(one.path());
                all.remove();
            }
        }
    }
}
