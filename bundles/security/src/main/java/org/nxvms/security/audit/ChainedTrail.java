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
    private static final int PAGE = 500;
    private static final int FAULTS_MAX = 50;
    private static final int RETRY_SECONDS = 10;
    private static final String SERVER = "server";

    private final UUID server;
    private final Clock clock;
    private final AuditChain chain;
    private final AuditHead headFile;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final StoreThread thread;
    private volatile AuditStore store;

    /** The end of the chain as stored; empty until the store was read. On the store's thread only. */
    private Optional<Place> head = Optional.empty();

    /** Where the chain ends if the last try to store succeeded. */
    private Optional<Place> tried = Optional.empty();

    private List<Waiting> batch = new ArrayList<>();
    private boolean failing;

    private record Waiting(AuditNote note, Instant at) {}

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
        try {
            flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.close();
    }

    @Override
    public void note(AuditNote note) {
        Waiting fresh = new Waiting(NoteBounds.bounded(note), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (!waiting.offer(fresh)) {
            lost.incrementAndGet();
        }
        if (asked.compareAndSet(false, true)) {
            thread.soon(this::drainQuietly);
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
        AuditStore entries = store;
        if (entries == null) {
            return;
        }
        try {
            drain(entries);
            if (failing) {
                LOG.info("The audit is stored again");
            }
            failing = false;
        } catch (StoreException e) {
            if (!failing) {
                LOG.warn(
                        "The audit cannot be stored; {} notes wait, retried every {} s",
                        waiting.size(),
                        RETRY_SECONDS,
                        e);
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("The audit cannot be stored; retried every {} s", RETRY_SECONDS, e);
        }
    }

    private void drain(AuditStore entries) {
        while (true) {
            if (batch.isEmpty()) {
                waiting.drainTo(batch, BATCH_MAX);
                countLost();
            }
            if (batch.isEmpty()) {
                return;
            }
            Place end = findHead(entries);
            if (batch.isEmpty()) {
                continue;
            }
            List<AuditEntry> linked = new ArrayList<>(batch.size());
            for (Waiting next : batch) {
                AuditEntry entry = chain.link(end.hash(), server, end.sequence() + 1, next.at(), next.note());
                linked.add(entry);
                end = new Place(entry.sequence(), entry.hash());
            }
            tried = Optional.of(end);
            try {
                entries.append(linked);
            } catch (StoreException e) {
                // It may be stored all the same: looked up before the next try.
                head = Optional.empty();
                throw e;
            }
            head = Optional.of(end);
            batch = new ArrayList<>();
            headFile.write(end);
        }
    }

    private void countLost() {
        long count = lost.getAndSet(0);
        if (count > 0) {
            AuditNote.Actor self = new AuditNote.Actor(Optional.empty(), SERVER, Optional.empty(), SERVER);
            batch.add(new Waiting(
                    new AuditNote("audit.lost", false, self, "", Map.of(), Map.of("notes", Long.toString(count))),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        }
    }

    /**
     * The end that the file knows counts when the store has less: the missing entries stay missing for everybody to
     * see, and nothing takes their numbers.
     */
    private Place findHead(AuditStore entries) {
        if (head.isPresent()) {
            return head.get();
        }
        Place stored = entries.last(server)
                .map(last -> new Place(last.sequence(), last.hash()))
                .orElse(new Place(0, AuditChain.BEGINNING));
        Place end = headFile.read()
                .filter(file -> file.sequence() > stored.sequence())
                .orElse(stored);
        if (tried.equals(Optional.of(stored))) {
            // The batch is there, although the store did not say so.
            batch = new ArrayList<>();
        }
        head = Optional.of(end);
        return end;
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
        // Read before the entries: it may grow meanwhile, and is then not behind what is read.
        Optional<Place> end = headFile.read();
        Faults faults = new Faults();
        Optional<AuditEntry> last = Optional.empty();
        Place before = new Place(0, AuditChain.BEGINNING);
        long count = 0;
        List<AuditEntry> page = entries.after(server, 0, PAGE);
        while (!page.isEmpty()) {
            for (AuditEntry entry : page) {
                boolean hole = entry.sequence() != before.sequence() + 1;
                if (hole) {
                    faults.add("entries " + (before.sequence() + 1) + " to " + (entry.sequence() - 1) + " are missing");
                } else if (!chain.fits(before.hash(), entry)) {
                    faults.add("entry " + entry.sequence() + " of " + entry.at() + " is not as it was written");
                }
                before = new Place(entry.sequence(), entry.hash());
                last = Optional.of(entry);
                count++;
            }
            page = entries.after(server, before.sequence(), PAGE);
        }
        checkEnd(end, before, entries, faults);
        return new Verdict(count, faults.told, last);
    }

    private void checkEnd(Optional<Place> end, Place read, AuditStore entries, Faults faults) {
        if (end.isEmpty()) {
            if (read.sequence() > 0) {
                faults.add("keys/audit-head.json is missing, so that entries missing at the end would not be noticed");
            }
            return;
        }
        long sequence = end.get().sequence();
        if (sequence > read.sequence()) {
            faults.add("entries " + (read.sequence() + 1) + " to " + sequence + " are missing at the end");
            return;
        }
        boolean there = entries.after(server, sequence - 1, 1).stream()
                .anyMatch(entry -> entry.sequence() == sequence
                        && entry.hash().equals(end.get().hash()));
        if (!there) {
            faults.add("entry " + sequence + " is another one than this server wrote");
        }
    }

    /** The first faults in words, and how many more there are. */
    private static final class Faults {
        private final List<String> told = new ArrayList<>();
        private int more;

        private void add(String fault) {
            if (told.size() < FAULTS_MAX) {
                told.add(fault);
            } else if (++more == 1) {
                told.add("and more");
            }
        }
    }
}
