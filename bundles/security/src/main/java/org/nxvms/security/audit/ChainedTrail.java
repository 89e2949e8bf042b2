// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.AgeClock;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.security.audit.ChainWriter.Waiting;
import org.nxvms.security.identity.KeyFile;
import org.nxvms.security.store.StoreThread;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes wait in a bounded queue; one thread chains and stores them, some at a time. While the database is away they
 * wait; what finds no place is counted, and the count is a note of its own as soon as there is room.
 */
@Component(
        service = {AuditTrail.class, ChainedTrail.class},
        configurationPid = "org.nxvms.audit")
@Designate(ocd = AuditSettings.class)
public final class ChainedTrail implements AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(ChainedTrail.class);

    /** A day of a busy site; some megabytes. */
    private static final int WAITING_MAX = 10_000;

    private static final int BATCH_MAX = 200;
    private static final int RETRY_SECONDS = 10;

    private static final Duration AGING_EVERY = Duration.ofHours(1);

    private final UUID server;
    private final Clock clock;
    private final AuditChain chain;
    private final AuditHead headFile;
    private final ChainWriter writer;
    private final AuditAging aging;
    private final Refusals refusals = new Refusals();
    private final Series series = new Series();
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final StoreThread thread;
    private volatile AuditStore store;

    /** The wall clock is nothing to remove by: one that is wrong for a moment would leave no audit. */
    private volatile AgeClock ages;

    private volatile int retentionDays;

    /** When old entries were looked for; none are, before all that waited is stored. */
    private Instant aged = Instant.MIN;

    private volatile Optional<Instant> failingSince = Optional.empty();

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
    public ChainedTrail(@Reference ServerIdentity identity, AuditSettings settings) throws IOException {
        this(identity, Clock.systemUTC());
        apply(settings);
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
        this.writer = new ChainWriter(chain, server, headFile, clock);
        this.aging = new AuditAging(chain, server);
        this.thread = new StoreThread("nxvms-audit", this::drainQuietly, RETRY_SECONDS);
    }

    @Modified
    void apply(AuditSettings settings) {
        keepFor(settings.retentionDays());
    }

    /** @param days 0: for ever */
    void keepFor(int days) {
        retentionDays = days;
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

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setAges(AgeClock newAges) {
        ages = newAges;
    }

    void unsetAges(AgeClock oldAges) {
        if (ages == oldAges) {
            ages = null;
        }
    }

    /** What waits is stored if that goes at once. */
    @Deactivate
    void stop() {
        takeOver(() -> Instant.MAX);
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
        return new State(waiting.size() + writer.waiting(), lost.get(), store != null, failingSince);
    }

    @Override
    public void note(AuditNote note) {
        takeAll(refusals.taken(NoteBounds.bounded(note), clock::instant));
    }

    @Override
    public void noteOften(AuditNote note) {
        if (!note.done()) {
            note(note);
            return;
        }
        takeAll(series.taken(NoteBounds.bounded(note), clock::instant));
    }

    private void takeAll(List<AuditNote> news) {
        Instant now = clock.instant();
        news.forEach(each -> take(each, now));
        if (!news.isEmpty() && asked.compareAndSet(false, true)) {
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
                return writer.waiting() == 0 && waiting.isEmpty();
            });
        } catch (StoreException e) {
            LOG.warn("The audit could not be stored to its end", e);
            return false;
        }
    }

    private void drainQuietly() {
        asked.set(false);
        takeOver(clock::instant);
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
            removeOld(entries);
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

    /** Refusals whose minute is over by then, and series that are. */
    private void takeOver(Supplier<Instant> then) {
        Instant now = clock.instant();
        refusals.over(then).forEach(note -> take(note, now));
        series.over(then).forEach(note -> take(note, now));
    }

    /** The chain tells of it first, and on the disk: what is killed between has told of entries that are still there. */
    private void removeOld(AuditStore entries) {
        Instant now = clock.instant();
        AgeClock ageClock = ages;
        OptionalLong nowUs = ageClock == null ? OptionalLong.empty() : ageClock.nowUs();
        if (nowUs.isEmpty() || now.isBefore(aged.plus(AGING_EVERY)) && !now.isBefore(aged)) {
            return;
        }
        aged = now;
        Instant age = Instant.EPOCH.plus(nowUs.getAsLong(), ChronoUnit.MICROS);
        Optional<AuditAging.Removal> due = aging.due(entries, age, retentionDays);
        while (due.isPresent()) {
            writer.take(List.of(new Waiting(due.get().note(), now.truncatedTo(ChronoUnit.MILLIS))));
            drain(entries);
            entries.removeUpTo(server, due.get().upTo());
            LOG.info(
                    "Audit entries up to {} are older than {} days and were removed",
                    due.get().upTo(),
                    retentionDays);
            due = aging.due(entries, age, retentionDays);
        }
    }

    private void drain(AuditStore entries) {
        while (true) {
            if (writer.waiting() == 0) {
                List<Waiting> next = new ArrayList<>();
                waiting.drainTo(next, BATCH_MAX);
                long count = lost.getAndSet(0);
                if (count > 0) {
                    next.add(writer.lost(count, Map.of()));
                }
                writer.take(next);
            }
            if (writer.waiting() == 0) {
                return;
            }
            writer.write(entries);
        }
    }

    @Override
    public Verdict verify() {
        return verification().run(headFile.read());
    }

    private ChainVerification verification() {
        AuditStore entries = store;
        if (entries == null) {
            throw new StoreException("The store of the audit is absent", null);
        }
        try {
            flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new ChainVerification(chain, server, entries);
    }

    @Override
    public List<String> acknowledge(AuditNote.Actor who, String why) {
        ChainVerification found = verification();
        found.run(headFile.read());
        if (found.faults().stream().anyMatch(fault -> fault.entry().isEmpty())) {
            // The next entry shows what is missing before it.
            note(Claims.end(who, clock.instant()));
            found = verification();
            found.run(headFile.read());
        }
        List<Fault> known = found.faults().stream()
                .filter(fault -> fault.entry().isPresent())
                .toList();
        for (Fault fault : known) {
            note(found.claims().acknowledgement(fault, who, why));
        }
        try {
            if (!flush()) {
                throw new StoreException("The audit could not be stored; nothing may be known of it yet", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known.stream().map(Fault::text).toList();
    }
}
