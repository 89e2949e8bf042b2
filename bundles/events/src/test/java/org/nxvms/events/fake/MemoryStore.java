// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventStore;

/** A store that keeps its contract in memory, until it is away. */
public final class MemoryStore implements EventStore {
    private static final Comparator<Event> NEWEST_FIRST = Comparator.comparingLong(Event::startUs)
            .thenComparing(event -> event.id().toString())
            .reversed();

    private final Map<UUID, Event> rows = new LinkedHashMap<>();
    private volatile boolean away;
    private volatile CountDownLatch saves = new CountDownLatch(0);
    private volatile boolean deaf;
    private volatile Runnable afterFind = () -> {};
    private volatile Runnable beforeSave = () -> {};

    /** What is to be saved waits, until this is called with 0. */
    public void holdSaves(int gates) {
        CountDownLatch before = saves;
        saves = new CountDownLatch(gates);
        while (before.getCount() > 0) {
            before.countDown();
        }
    }

    /** Whether no interrupt ends a wait, as that for a socket. */
    public void deaf(boolean now) {
        deaf = now;
    }

    /** What happens between the rows being read and the reader having them. */
    public void afterFind(Runnable action) {
        afterFind = action;
    }

    /** What happens on the thread of who saves. */
    public void beforeSave(Runnable action) {
        beforeSave = action;
    }

    public void away(boolean now) {
        away = now;
    }

    /** {@return rows, whether it can be reached or not} */
    public synchronized int countNow() {
        return rows.size();
    }

    /** {@return rows of a kind, whether it can be reached or not} */
    public synchronized long countNow(String kind) {
        return rows.values().stream().filter(event -> event.kind().equals(kind)).count();
    }

    private void reach() {
        if (away) {
            throw new StoreException("The database could not answer", new IllegalStateException("away"));
        }
    }

    @Override
    public int save(List<Event> events) {
        beforeSave.run();
        CountDownLatch gate = saves;
        boolean interrupted = false;
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                interrupted = true;
                if (!deaf) {
                    Thread.currentThread().interrupt();
                    throw new StoreException("Told to stop", e);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return add(events);
    }

    private synchronized int add(List<Event> events) {
        reach();
        int fresh = 0;
        for (Event event : events) {
            Event known = rows.get(event.id());
            if (known == null || known.sequence() < event.sequence()) {
                rows.put(event.id(), event);
            }
            fresh += known == null ? 1 : 0;
        }
        return fresh;
    }

    private synchronized Stream<Event> all() {
        reach();
        return List.copyOf(rows.values()).stream();
    }

    @Override
    public List<Event> find(EventQuery query) {
        List<Event> found = all().filter(query.filter()::fits)
                .sorted(NEWEST_FIRST)
                .filter(event -> query.after().map(p -> isAfter(event, p)).orElse(true))
                .limit(query.limit())
                .toList();
        afterFind.run();
        return found;
    }

    private static boolean isAfter(Event event, EventQuery.Position position) {
        return event.startUs() < position.startUs()
                || event.startUs() == position.startUs()
                        && event.id().toString().compareTo(position.id().toString()) < 0;
    }

    @Override
    public synchronized Optional<Event> get(UUID id) {
        reach();
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public List<Event> changesAfter(UUID serverId, long sequence, int limit) {
        return of(serverId).filter(e -> e.sequence() > sequence).limit(limit).toList();
    }

    @Override
    public long countSettled(UUID serverId, EventFilter filter, long afterSequence, long throughSequence) {
        return of(serverId)
                .filter(e -> !e.span().lasts() && e.sequence() > afterSequence && e.sequence() <= throughSequence)
                .filter(filter::fits)
                .count();
    }

    private Stream<Event> of(UUID serverId) {
        return all().filter(e -> e.serverId().equals(serverId)).sorted(Comparator.comparingLong(Event::sequence));
    }

    @Override
    public List<Event> open(UUID serverId, int limit) {
        return of(serverId).filter(e -> e.span().lasts()).limit(limit).toList();
    }

    @Override
    public OptionalLong lastSequence(UUID serverId) {
        return of(serverId).mapToLong(Event::sequence).max();
    }

    @Override
    public OptionalLong firstSequence(UUID serverId) {
        return of(serverId).mapToLong(Event::sequence).min();
    }

    @Override
    public long count(UUID serverId) {
        return of(serverId).count();
    }

    @Override
    public synchronized int deleteOldest(UUID serverId, long beforeUs, int limit) {
        reach();
        List<Event> oldest = new ArrayList<>(rows.values());
        oldest.removeIf(e -> e.span().lasts() || e.startUs() >= beforeUs);
        oldest.sort(NEWEST_FIRST.reversed());
        List<Event> gone = oldest.subList(0, Math.min(limit, oldest.size()));
        gone.forEach(e -> rows.remove(e.id()));
        return gone.size();
    }
}
