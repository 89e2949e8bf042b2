// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.event.Event;

/**
 * The newest changes, by sequence. The bus never waits for who reads; each reader has its own position, and one that fell
 * behind {@link #floor()} goes on in the store. One writer, any readers.
 */
public final class ChangeLog {
    /** Minutes of a lively site; about 10 MB. */
    public static final int CHANGES_MAX = 16_384;

    private final Event[] ring;
    private long written;
    private long floor;

    public ChangeLog() {
        this(CHANGES_MAX);
    }

    ChangeLog(int size) {
        ring = new Event[size];
    }

    public synchronized void add(Event event) {
        int slot = (int) (written % ring.length);
        if (ring[slot] != null) {
            floor = ring[slot].sequence();
        }
        ring[slot] = event;
        written++;
    }

    /** Changes up to here were made by an earlier process: they are in the store at most. */
    public synchronized void startAt(long sequence) {
        floor = Math.max(floor, sequence);
    }

    /** {@return the log holds every change behind this sequence} */
    public synchronized long floor() {
        return floor;
    }

    /** {@return the newest change's sequence} */
    public synchronized long last() {
        return written == 0 ? floor : at(written - 1).sequence();
    }

    /** {@return changes behind a sequence, in order; empty when some of them are no longer here} */
    public synchronized Optional<List<Event>> after(long sequence, int limit) {
        if (sequence < floor) {
            return Optional.empty();
        }
        long low = Math.max(0, written - ring.length);
        long high = written;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).sequence() <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<Event> found = new ArrayList<>((int) Math.min(limit, written - low));
        for (long i = low; i < written && found.size() < limit; i++) {
            found.add(at(i));
        }
        return Optional.of(found);
    }

    private Event at(long number) {
        return ring[(int) (number % ring.length)];
    }
}
