// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.security.audit.AuditHead.Place;
import org.nxvms.security.identity.KeyFile;
import org.nxvms.security.store.StoreThread;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes wait in a bounded queue; one thread chains and stores them, some at a time. While the database is away they
 * wait; what finds no place is counted, and the count is a note of its own as soon as there is room.
 */
@Component(service = {AuditTrail.class, ChainedTrail.class})
public final class ChainedTrail implements AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(ChainedTrail.class);

    /** A day of a busy site; some megabytes. */
    private static final int WAITING_MAX = 10_000;

    private static final int BATCH_MAX = 200;
    private static final int RETRY_SECONDS = 10;

    /** So often a batch is tried as a whole; then one note at a time, so that one cannot keep the others out. */
    private static final int WHOLE_TRIES_MAX = 3;

    private static final String SERVER = "server";

    private final UUID server;
    private final Clock clock;
    private final AuditChain chain;
    private final AuditHead headFile;
    private final Refusals refusals = new Refusals();
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final StoreThread thread;
    private volatile AuditStore store;

    /** The end of the chain as stored; empty until the store was read. On the store's thread only. */
    private Optional<Place> head = Optional.empty();

    /** The last try whose outcome is not known. */
    private Optional<Try> tried = Optional.empty();

    private final List<Waiting> batch = new ArrayList<>();

    /** How many are in the batch, for who asks from another thread. */
    private volatile int batched;

    private int failures;
    private volatile Optional<Instant> failingSince = Optional.empty();

    private record Waiting(AuditNote note, Instant at) {}

    /** Where the chain ends if it succeeded, and how many notes of the batch are stored then. */
    private record Try(Place end, int notes) {}

    /**
     * How the trail is doing.
     *
     * @param waiting notes that are not stored yet
     * @param lost notes that found no place, and no note tells of them yet
     * @param failingSince since when storing fails
     */
    record State(int waiting, long lost, boolean hasStore, Optional<Instant> failingSince) {
        boolean isStoring() {
            return failingSince.isEmpty() && lost == 0 && (hasStore || waiting == 0);
        }
    }

    @Activate
    public ChainedTrail(@Reference ServerIdentity identity) throws IOException {
        this(identity, Clock.systemUTC());
    }

    ChainedTrail(ServerIdentity identity, Clock clock) throws IOException {
        Path folder = identity.dataFolder().resolve("keys");
        Path key = folder.resolve("audit.key");
        this.server = identity.serverId();
        this.clock = clock;
        this.chain = new AuditChain(KeyFile.readOrCreate(
                key,
                key + " is damaged. Put it back from a backup; if you remove it, what was noted before cannot be"
                        + " verified any more."));
        this.headFile = new AuditHead(folder.resolve("audit-head.json"));
        this.thread = new StoreThread("nxvms-audit", this::drainQuietly, RETRY_SECONDS);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setStore(AuditStore newStore) {
        store = newStore;
        thread.soon(this::drainQuietly);
    }

    void unsetStore(AuditStore oldStore) {
        if (store == oldStore) {
            store = null;
        }
    }

    /** What waits is stored if that goes at once. */
    @Deactivate
    void stop() {
        takeOver(Instant.MAX);
        try {
            flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.close();
        State left = state();
        if (left.waiting() + left.lost() > 0) {
            LOG.error(
                    "The audit stops without a database: {} notes that waited are lost, and {} found no place before",
                    left.waiting(),
                    left.lost());
        }
    }

    State state() {
        return new State(waiting.size() + batched, lost.get(), store != null, failingSince);
    }

    @Override
    public void note(AuditNote note) {
        Instant now = clock.instant();
        AuditNote bounded = NoteBounds.bounded(note);
        if (!refusals.isNews(bounded, now)) {
            return;
        }
        take(bounded, now);
        if (asked.compareAndSet(false, true)) {
            thread.soon(this::drainQuietly);
        }
    }

    private void take(AuditNote note, Instant now) {
        if (!waiting.offer(new Waiting(note, now.truncatedTo(ChronoUnit.MILLIS)))) {
            lost.incrementAndGet();
        }
    }

    @Override
    public boolean flush() throws InterruptedException {
        try {
            return thread.call(() -> {
                drainQuietly();
                return batch.isEmpty() && waiting.isEmpty();
            });
        } catch (StoreException e) {
            LOG.warn("The audit could not be stored to its end", e);
            return false;
        }
    }

    private void drainQuietly() {
        asked.set(false);
        takeOver(clock.instant());
        AuditStore entries = store;
        if (entries == null) {
            return;
        }
        try {
            drain(entries);
            if (failingSince.isPresent()) {
                LOG.info("The audit is stored again");
            }
            failingSince = Optional.empty();
        } catch (StoreException e) {
            if (failingSince.isEmpty()) {
                LOG.warn(
                        "The audit cannot be stored; {} notes wait, retried every {} s",
                        state().waiting(),
                        RETRY_SECONDS,
                        e);
                failingSince = Optional.of(clock.instant());
            }
        } catch (RuntimeException e) {
            LOG.error("The audit cannot be stored; retried every {} s", RETRY_SECONDS, e);
            failingSince = Optional.of(failingSince.orElse(clock.instant()));
        }
    }

    /** Refusals whose minute is over by then. */
    private void takeOver(Instant then) {
        Instant now = clock.instant();
        refusals.over(then).forEach(note -> take(note, now));
    }

    private void drain(AuditStore entries) {
        while (true) {
            if (batch.isEmpty()) {
                failures = 0;
                waiting.drainTo(batch, BATCH_MAX);
                countLost();
                batched = batch.size();
            }
            if (batch.isEmpty()) {
                return;
            }
            if (failures < WHOLE_TRIES_MAX) {
                append(entries, batch.size());
            } else {
                appendOne(entries);
            }
        }
    }

    /** A note that the database refuses while it takes others makes room for one that tells of it. */
    private void appendOne(AuditStore entries) {
        try {
            append(entries, 1);
        } catch (StoreException e) {
            if (findHead(entries).isPresent()) {
                replaceFirst(entries, e);
            }
        }
    }

    private void replaceFirst(AuditStore entries, StoreException why) {
        Waiting refused = batch.get(0);
        String action = refused.note().action();
        batch.set(0, lost(1, Map.of("refused", action)));
        try {
            append(entries, 1);
        } catch (RuntimeException e) {
            // It takes nothing at all, as a full disk does: then the note is none the worse for it.
            batch.set(0, refused);
            throw e;
        }
        LOG.error("The database refused a note of {}; a note of its loss takes its place", action, why);
    }

    /** Stores the first notes of the batch; none of them when they turn out to be stored already. */
    private void append(AuditStore entries, int notes) {
        Optional<Place> found = findHead(entries);
        if (found.isEmpty()) {
            return;
        }
        Place end = found.get();
        List<AuditEntry> linked = new ArrayList<>(notes);
        for (Waiting next : batch.subList(0, notes)) {
            AuditEntry entry = chain.link(end.hash(), server, end.sequence() + 1, next.at(), next.note());
            linked.add(entry);
            end = new Place(entry.sequence(), entry.hash());
        }
        tried = Optional.of(new Try(end, notes));
        try {
            entries.append(linked);
        } catch (RuntimeException e) {
            // It may be stored all the same: looked up before the next try.
            head = Optional.empty();
            failures++;
            throw e;
        }
        stored(end, notes);
    }

    private void stored(Place end, int notes) {
        head = Optional.of(end);
        batch.subList(0, notes).clear();
        batched = batch.size();
        headFile.write(end);
    }

    private void countLost() {
        long count = lost.getAndSet(0);
        if (count > 0) {
            batch.add(lost(count, Map.of()));
        }
    }

    private Waiting lost(long notes, Map<String, String> more) {
        AuditNote.Actor self = new AuditNote.Actor(Optional.empty(), SERVER, Optional.empty(), SERVER);
        Map<String, String> told = new HashMap<>(more);
        told.put("notes", Long.toString(notes));
        return new Waiting(
                new AuditNote("audit.lost", false, self, "", Map.of(), told),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * The end that the file knows counts when the store has less: the missing entries stay missing for everybody to
     * see, and nothing takes their numbers.
     *
     * @return the end of the chain; empty when the last try turned out to be stored, although the store did not say so
     */
    private Optional<Place> findHead(AuditStore entries) {
        if (head.isPresent()) {
            return head;
        }
        Place stored = entries.last(server)
                .map(last -> new Place(last.sequence(), last.hash()))
                .orElse(new Place(0, AuditChain.BEGINNING));
        Optional<Try> before = tried.filter(last -> last.end().equals(stored));
        tried = Optional.empty();
        if (before.isPresent()) {
            stored(stored, before.get().notes());
            return Optional.empty();
        }
        head = Optional.of(headFile.read()
                .filter(file -> file.sequence() > stored.sequence())
                .orElse(stored));
        return head;
    }

    @Override
    public Verdict verify() {
        AuditStore entries = store;
        if (entries == null) {
            throw new StoreException("The store of the audit is absent", null);
        }
        try {
            flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new ChainVerification(chain, server, entries).run(headFile.read());
    }
}
