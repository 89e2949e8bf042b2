// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;

/**
 * Contacts with devices wait here for a place, in their order; a driver that makes all of its devices wait is overtaken by
 * the others. At most one a camera waits, so their number is bounded. Any thread.
 */
public final class ContactQueue {
    /** Who waits for a place. */
    private record Waiting(ShelvedDriver driver, UUID camera, Consumer<Places.Place> work) {}

    /** Who has one. */
    private record Started(Places.Place place, Consumer<Places.Place> work) {}

    private final Executor threads;
    private final Places places;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** @param threads has one for each place and each contact that does not return */
    public ContactQueue(Executor threads, Places places) {
        this.threads = threads;
        this.places = places;
    }

    /** Does some work as soon as there is a place for it, which is free again when it returns. */
    void add(ShelvedDriver driver, UUID camera, Consumer<Places.Place> work) {
        synchronized (this) {
            waiting.add(new Waiting(driver, camera, work));
        }
        startWhatCan();
    }

    /** A conversation is overdue: whoever waits gets its place. */
    void overdue(Places.Place place) {
        place.overdue();
        startWhatCan();
    }

    private void startWhatCan() {
        for (Started started : take()) {
            try {
                threads.execute(() -> {
                    try {
                        started.work().accept(started.place());
                    } finally {
                        started.place().free();
                        startWhatCan();
                    }
                });
            } catch (RejectedExecutionException e) {
                // Closing: the outcome is of no interest to anybody.
                started.place().free();
            }
        }
    }

    private synchronized List<Started> take() {
        List<Started> started = new ArrayList<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            Optional<Places.Place> place = places.take(next.driver(), next.camera());
            if (place.isPresent()) {
                each.remove();
                started.add(new Started(place.get(), next.work()));
            }
        }
        return started;
    }
}
