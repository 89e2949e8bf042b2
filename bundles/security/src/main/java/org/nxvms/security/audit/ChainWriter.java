// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.security.audit.AuditHead.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts notes at the end of a server's chain, some at once, and knows where that is. On the store's thread only. */
final class ChainWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWriter.class);

    /** So often a batch is tried as a whole; then one note at a time, so that one cannot keep the others out. */
    private static final int WHOLE_TRIES_MAX = 3;

    private static final String SERVER = "server";

    private final AuditChain chain;
    private final UUID server;
    private final AuditHead headFile;
    private final Clock clock;

    /** The end of the chain as stored; empty until the store was read. */
    private Optional<Place> head = Optional.empty();

    /** The last try whose outcome is not known. */
    private Optional<Try> tried = Optional.empty();

    private final List<Waiting> batch = new ArrayList<>();

    /** How many are in the batch, for who asks from another thread. */
    private volatile int batched;

    private int failures;

    /** A note and when it was made, in milliseconds. */
    record Waiting(AuditNote note, Instant at) {}

    /** Where the chain ends if it succeeded, and how many notes of the batch are stored then. */
    private record Try(Place end, int notes) {}

    ChainWriter(AuditChain chain, UUID server, AuditHead headFile, Clock clock) {
        this.chain = chain;
        this.server = server;
        this.headFile = headFile;
        this.clock = clock;
    }

    /** {@return how many notes are not stored yet} Any thread. */
    int waiting() {
        return batched;
    }

    /** Takes what is to be stored next, when nothing waits here any more. */
    void take(List<Waiting> notes) {
        failures = 0;
        batch.addAll(notes);
        batched = batch.size();
    }

    /** Stores what waits, or some of it. */
    void write(AuditStore entries) {
        if (failures < WHOLE_TRIES_MAX) {
            append(entries, batch.size());
        } else {
            appendOne(entries);
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

    /** {@return a note that others are lost} */
    Waiting lost(long notes, Map<String, String> more) {
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
}
