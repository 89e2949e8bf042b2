// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;

/** The port's contract in memory; the real one is tested with its databases in bundles/persistence. */
public final class MemoryAuditStore implements AuditStore {
    private static final Comparator<AuditEntry> NEWEST_FIRST = Comparator.comparing(AuditEntry::at)
            .thenComparing(entry -> entry.serverId().toString())
            .thenComparing(AuditEntry::sequence)
            .reversed();

    /** Open to whoever forges. */
    public final List<AuditEntry> rows = new ArrayList<>();

    private boolean broken;
    private boolean answersLost;
    private String refused;
    private boolean full;
    private int findsLeft = Integer.MAX_VALUE;

    public synchronized void breakDown(boolean down) {
        broken = down;
    }

    /** What is stored is stored, and the caller is told that it is not. */
    public synchronized void loseAnswers(boolean lost) {
        answersLost = lost;
    }

    /** The database takes no entry about this subject, whatever else it does. */
    public synchronized void refuse(String subject) {
        refused = subject;
    }

    /** So many pages are found, then the database is away. */
    public synchronized void breakAfterPages(int pages) {
        findsLeft = pages;
    }

    /** It can be read, and takes nothing. */
    public synchronized void fill(boolean now) {
        full = now;
    }

    private static AuditEntry at(Position place) {
        AuditNote.Actor nobody = new AuditNote.Actor(Optional.empty(), "", Optional.empty(), "");
        return new AuditEntry(
                place.serverId(),
                place.sequence(),
                place.at(),
                new AuditNote("", true, nobody, "", Map.of(), Map.of()),
                "");
    }

    private void work() {
        if (broken) {
            throw new StoreException("down", null);
        }
    }

    @Override
    public synchronized void append(List<AuditEntry> entries) {
        work();
        if (full) {
            throw new StoreException("no room", null);
        }
        for (AuditEntry entry : entries) {
            if (entry.note().subject().equals(refused)) {
                throw new StoreException("value too long for column", null);
            }
            boolean taken = rows.stream()
                    .anyMatch(row -> row.serverId().equals(entry.serverId()) && row.sequence() == entry.sequence());
            if (taken) {
                throw new StoreException("primary key", null);
            }
        }
        rows.addAll(entries);
        if (answersLost) {
            throw new StoreException("connection lost", null);
        }
    }

    @Override
    public synchronized List<AuditEntry> after(UUID serverId, long sequence, int limit) {
        work();
        return rows.stream()
                .filter(row -> row.serverId().equals(serverId) && row.sequence() > sequence)
                .sorted(Comparator.comparing(AuditEntry::sequence))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<AuditEntry> last(UUID serverId) {
        return after(serverId, 0, Integer.MAX_VALUE).stream().max(Comparator.comparing(AuditEntry::sequence));
    }

    @Override
    public synchronized Map<UUID, Long> counts() {
        work();
        return rows.stream().collect(Collectors.groupingBy(AuditEntry::serverId, Collectors.counting()));
    }

    @Override
    public synchronized void removeUpTo(UUID serverId, long sequence) {
        work();
        rows.removeIf(row -> row.serverId().equals(serverId) && row.sequence() <= sequence);
    }

    @Override
    public synchronized List<AuditEntry> find(Query query) {
        work();
        if (findsLeft-- <= 0) {
            throw new StoreException("down amid it", null);
        }
        return rows.stream()
                .filter(row -> query.action()
                        .map(action -> action.endsWith(".*")
                                ? row.note().action().startsWith(action.substring(0, action.length() - 1))
                                : row.note().action().equals(action))
                        .orElse(true))
                .filter(row -> query.address()
                        .map(row.note().actor().address()::equals)
                        .orElse(true))
                .filter(row ->
                        query.from().map(from -> !row.at().isBefore(from)).orElse(true))
                .filter(row -> query.to().map(row.at()::isBefore).orElse(true))
                .filter(row -> query.user()
                        .map(user -> row.note().actor().name().equalsIgnoreCase(user))
                        .orElse(true))
                .filter(row -> query.before()
                        .map(place -> NEWEST_FIRST.compare(row, at(place)) > 0)
                        .orElse(true))
                .sorted(NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }
}
