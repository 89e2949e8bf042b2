// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Markers of chunks that have their row, or are gone: each goes when no power cut can take that back, and what was said of
 * gaps until then is in a journal. Any thread adds.
 */
final class DoneMarkers {
    /** @param gapChanges how many of the changes of gaps must be in a journal before the marker goes */
    private record Done(String path, long dueNanos, long gapChanges) {}

    private final Markers markers;
    private final JournalQueue toJournal;
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();

    DoneMarkers(Markers markers, JournalQueue toJournal) {
        this.markers = markers;
        this.toJournal = toJournal;
    }

    void add(String path, Duration after) {
        done.add(new Done(path, System.nanoTime() + after.toNanos(), toJournal.changes()));
    }

    /** Removes those that are due. */
    void clear() throws IOException {
        for (Iterator<Done> all = done.iterator(); all.hasNext(); ) {
            Done one = all.next();
            if (System.nanoTime() - one.dueNanos() >= 0 && toJournal.written() >= one.gapChanges()) {
                markers.clear(one.path());
                all.remove();
            }
        }
    }
}
