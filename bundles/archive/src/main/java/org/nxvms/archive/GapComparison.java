// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.storage.spi.Volume;

/**
 * Compares the gaps in the volumes' journals with the index, as part of a check or rebuild. Gaps begin, end and prove to
 * be none meanwhile: each change is first on its way to a journal and then on its way to the index, so what seems to be
 * missing is looked for on the way and read once more from the journals. One thread.
 */
final class GapComparison {
    private static final int BATCH_MAX = 200;
    private static final int FIND_MAX = 10_000;
    /** Changes come a few a minute, and reading the journals again takes less than a second. */
    private static final int TRIES_MAX = 20;

    private static final long DRAIN_MS_MAX = 30_000;

    /** Takes what is found. */
    interface Problems {
        void found(String kind, String example, boolean putRight);
    }

    /** Reads once more what the journal of each volume says last. */
    interface Journals {
        void read(Consumer<GapJournal.Entry> visitor) throws IOException;
    }

    private final ChunkIndex index;
    private final IndexWriter rows;
    private final GapLedger ledger;
    private final JournalQueue toJournal;
    private final Journals journals;
    /** The last word of all journals on each. */
    private final Map<UUID, GapJournal.Entry> entries = new HashMap<>();

    /** What chunks say themselves. */
    private final Map<UUID, Gap> told = new HashMap<>();

    GapComparison(ChunkIndex index, IndexWriter rows, GapLedger ledger, JournalQueue toJournal, Journals journals) {
        this.index = index;
        this.rows = rows;
        this.ledger = ledger;
        this.toJournal = toJournal;
        this.journals = journals;
    }

    /** @param entry a volume's last word on a gap */
    void add(GapJournal.Entry entry) {
        newest(entries, entry);
    }

    static void newest(Map<UUID, GapJournal.Entry> known, GapJournal.Entry entry) {
        known.merge(entry.gap().id(), entry, GapComparison::newer);
    }

    /** Volumes are read in any order. Of two changes at one moment a gap's being none is the later: nothing follows it. */
    private static GapJournal.Entry newer(GapJournal.Entry one, GapJournal.Entry other) {
        int order = one.written().compareTo(other.written());
        if (order != 0) {
            return order > 0 ? one : other;
        }
        return one.kept() ? other : one;
    }

    /** A repaired chunk tells what is missing within it, whether or not that reached a journal. */
    void add(Volume volume, ChunkName name, ChunkReader.Sealed sealed) {
        if ((sealed.flags() & Checkpoint.REPAIRED) != 0) {
            new RepairGaps(volume).within(name, Hole.in(name, sealed)).forEach(gap -> told.put(gap.id(), gap));
        }
    }

    /** {@return those that were not taken back} */
    Stream<Gap> kept() {
        return Stream.concat(
                entries.values().stream().filter(GapJournal.Entry::kept).map(GapJournal.Entry::gap),
                told.values().stream().filter(gap -> !entries.containsKey(gap.id())));
    }

    /** @throws IOException when a journal cannot be read again; what is missing is then not known */
    void compare(boolean repair, Problems problems) throws IOException {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long changes = toJournal.changes();
            List<Gap> missing = missing();
            if (!repair || missing.isEmpty() || isRestored(missing, changes)) {
                missing.forEach(gap -> problems.found("gap without a row", gap.id() + " of " + gap.stream(), repair));
                return;
            }
        }
        throw new IOException("gaps change too fast to be compared with the journals; try again later");
    }

    private List<Gap> missing() throws IOException {
        List<Gap> found = kept().filter(gap -> !isStored(gap)).toList();
        if (found.isEmpty()) {
            return found;
        }
        // In this order: a change leaves the way to a journal only when it is in the journal.
        Set<UUID> onTheWay = toJournal.waiting();
        Map<UUID, GapJournal.Entry> now = new HashMap<>();
        journals.read(entry -> newest(now, entry));
        return found.stream()
                .filter(gap -> !onTheWay.contains(gap.id()))
                .filter(gap -> isStillTold(gap, Optional.ofNullable(now.get(gap.id()))))
                .toList();
    }

    private boolean isStillTold(Gap gap, Optional<GapJournal.Entry> now) {
        return now.map(entry -> entry.kept() && isSame(entry.gap(), gap)).orElse(told.containsKey(gap.id()));
    }

    private boolean isStored(Gap gap) {
        boolean waiting = rows.waitingGaps().stream().anyMatch(one -> one.id().equals(gap.id()))
                || rows.droppedGaps().contains(gap.id());
        return waiting
                || index.findGaps(gap.stream(), gap.fromUs(), gap.fromUs() + 1, FIND_MAX).stream()
                        .anyMatch(stored -> isSame(stored, gap));
    }

    /** Words may differ: a chunk that was moved tells the same damage of another volume's disk. */
    private static boolean isSame(Gap one, Gap other) {
        return one.id().equals(other.id())
                && one.stream().equals(other.stream())
                && one.fromUs() == other.fromUs()
                && one.toUs().equals(other.toUs())
                && one.cause() == other.cause();
    }

    /** By the way that all changes of gaps take to the index, so that none is overtaken by an older one. */
    private boolean isRestored(List<Gap> missing, long changes) {
        for (int from = 0; from < missing.size(); from += BATCH_MAX) {
            List<Gap> batch = missing.subList(from, Math.min(missing.size(), from + BATCH_MAX));
            if (!ledger.isDoneUnchanged(() -> toJournal.changes() == changes, () -> batch.forEach(rows::save))) {
                return false;
            }
            if (!rows.drain(DRAIN_MS_MAX)) {
                throw new StoreException("the database does not take gaps; rebuild again when it does", null);
            }
        }
        return true;
    }
}
