// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Progress;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that is new knows nothing of footage that is there: the rows of a volume of which it has not a single one,
 * though sealed chunks of this server lie on it, are made again, once and beside recording (ADR 65). Asked is one row for
 * each volume, before the first of its rows is written; files are looked at only when there is none.
 */
final class LostRows {
    private static final Logger LOG = LoggerFactory.getLogger(LostRows.class);
    /** Of a new volume, or one of another server; the first of those whose rows were lost tells. */
    private static final int LOOKED_AT_MAX = 1_000;

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);
    private static final int PERCENT = 100;
    private static final int PERCENT_TOLD = 10;

    private final VolumeNotes notes;
    private final UUID serverId;
    private final VolumeSet volumes;
    private final Rebuild rebuild;
    private final BiPredicate<FootageVolume, ChunkName> isInWork;
    private final Predicate<UUID> isReturning;
    private final Map<UUID, ChunkIndex> asked = new ConcurrentHashMap<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Backoff backoff = new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
    /** Whoever is busy. */
    private final Set<UUID> told = new HashSet<>();

    private volatile Optional<Making> making = Optional.empty();
    private volatile String failure = "";

    /** Makes rows of all files of some volumes, and of the gaps in all journals. */
    @FunctionalInterface
    interface Rebuild {
        /**
         * @return volumes that were read to their end
         * @throws IllegalStateException while others compare
         */
        Set<UUID> of(Set<UUID> volumes, Consumer<Progress> progress);
    }

    /**
     * What is under way, for people.
     *
     * @param volume its name, or theirs
     */
    record Making(String volume, int percent) {
        String sentence() {
            return "the database knew nothing of the footage on volume " + volume + ", as when it is new; its rows are"
                    + " being made again, " + percent + " %. Until then not all of it is seen; nothing is to be done";
        }
    }

    /**
     * @param folder where it is remembered what is not done
     * @param isInWork whether a file gets its row by itself
     * @param isReturning whether a volume that was taken out of use is on its way back, which {@link Departures} see to
     */
    LostRows(
            Path folder,
            UUID serverId,
            VolumeSet volumes,
            Rebuild rebuild,
            BiPredicate<FootageVolume, ChunkName> isInWork,
            Predicate<UUID> isReturning) {
        this.notes = new VolumeNotes(folder);
        this.serverId = serverId;
        this.volumes = volumes;
        this.rebuild = rebuild;
        this.isInWork = isInWork;
        this.isReturning = isReturning;
    }

    /** Any thread, and always before rows of chunks are written; throws what the index throws. */
    void ask(ChunkIndex index) {
        for (FootageVolume volume : volumes.all()) {
            UUID id = volume.volume().id();
            if (volume.isStarted() && asked.get(id) != index) {
                if (index.usage(id).segments() == 0 && !isReturning.test(id)) {
                    notes.doubt(id);
                }
                asked.put(id, index);
            }
        }
    }

    /** {@return whether no row is missing, as far as can be told of volumes in use} */
    boolean isDecided() {
        return volumes.all().stream()
                        .filter(FootageVolume::isStarted)
                        .allMatch(volume -> asked.containsKey(volume.volume().id()))
                && notes.isEmpty();
    }

    /** {@return nanoseconds until the next turn is due} */
    long pauseNanos() {
        return notes.isEmpty() ? RETRY_NANOS : LOOK_NANOS;
    }

    /** A volume's thread for what may wait: takes as long as a rebuild when rows are lost, else no time. */
    void turn(ChunkIndex index) throws IOException {
        notes.load();
        try {
            ask(index);
        } catch (StoreException databaseFails) {
            LOG.debug("What the database knows is asked again: {}", databaseFails.getMessage());
            return;
        }
        try {
            if (!notes.isEmpty() && backoff.isDue() && busy.compareAndSet(false, true)) {
                try {
                    look(index);
                    make();
                } finally {
                    making = Optional.empty();
                    busy.set(false);
                }
            }
        } catch (StoreException databaseFails) {
            failed("the database fails: " + databaseFails.getMessage());
        }
    }

    private void look(ChunkIndex index) throws IOException {
        for (UUID id : notes.doubted()) {
            Optional<FootageVolume> volume = inUse(id);
            if (volume.isEmpty()) {
                continue;
            }
            try {
                if (areRowsLost(volume.get(), index)) {
                    notes.lost(id);
                } else {
                    notes.done(id);
                }
            } catch (IOException unreadable) {
                failed("volume " + volume.get().name() + " cannot be read: " + unreadable.getMessage());
            }
        }
    }

    private Optional<FootageVolume> inUse(UUID id) {
        return volumes.identified(id).filter(volume -> volume.isStarted() && !volume.isLeaving());
    }

    private boolean areRowsLost(FootageVolume volume, ChunkIndex index) throws IOException {
        Sign sign = new Sign(volume, index);
        // Under the mount point of a volume that is not there no file is found.
        volume.volume().space();
        volume.volume().list("", file -> {
            ChunkName.parse(file.path()).ifPresent(sign::look);
            return sign.isOpen();
        });
        volume.volume().space();
        if (volume.isLeaving()) {
            throw new IOException("it is taken out of use, or configured anew");
        }
        // What its last minute left gets rows by itself, the gaps of that time do not.
        return sign.ours || !sign.others && volume.hasLeftovers();
    }

    /** Whether files say that rows are missing. */
    private final class Sign {
        private final FootageVolume volume;
        private final ChunkIndex index;
        private int seen;
        private boolean ours;
        /** Footage of another server stays as it is: retention would begin to remove it. */
        private boolean others;

        Sign(FootageVolume volume, ChunkIndex index) {
            this.volume = volume;
            this.index = index;
        }

        boolean isOpen() {
            return !ours && seen < LOOKED_AT_MAX && !volume.isLeaving();
        }

        void look(ChunkName name) {
            seen++;
            UUID id = name.segmentId();
            // Twice: a chunk is no longer in work once its row is there.
            if (index.get(id).isPresent()
                    || isInWork.test(volume, name)
                    || index.get(id).isPresent()) {
                return;
            }
            try {
                Optional<Segment> segment = ChunkReader.read(volume.volume(), name.path())
                        .map(read -> read.row().segment());
                ours |= segment.filter(one -> one.serverId().equals(serverId)).isPresent();
                others |=
                        segment.filter(one -> !one.serverId().equals(serverId)).isPresent();
            } catch (IOException saysNothing) {
                LOG.debug("{} says nothing: {}", name.path(), saysNothing.getMessage());
            }
        }
    }

    private void make() throws IOException {
        Set<UUID> lost =
                notes.lost().stream().filter(id -> inUse(id).isPresent()).collect(Collectors.toUnmodifiableSet());
        if (lost.isEmpty()) {
            return;
        }
        String names = lost.stream()
                .map(id -> volumes.identified(id).map(FootageVolume::name).orElseThrow())
                .sorted()
                .collect(Collectors.joining(", "));
        making = Optional.of(new Making(names, 0));
        try {
            long files = count(lost);
            if (told.addAll(lost)) {
                LOG.warn(
                        "The database knew nothing of the footage on volume {}, as when it is new: rows of {} files and"
                                + " their gaps are made again from what lies there, beside recording",
                        names,
                        files);
            }
            Set<UUID> done = rebuild.of(lost, progress -> tell(names, progress.chunks(), files));
            for (UUID id : lost) {
                if (done.contains(id)) {
                    notes.done(id);
                }
            }
            if (done.containsAll(lost)) {
                failure = "";
                backoff = new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
                told.removeAll(lost);
                LOG.info("The rows of volume {} are made again", names);
            } else {
                failed("not all of volume " + names + " could be read; check the disk");
            }
        } catch (IllegalStateException somebodyCompares) {
            backoff.waits(RETRY_NANOS);
        } catch (IOException | UncheckedIOException unreadable) {
            failed("volume " + names + " cannot be read: " + unreadable.getMessage());
        }
    }

    private long count(Set<UUID> lost) throws IOException {
        long[] files = new long[1];
        for (UUID id : lost) {
            FootageVolume volume = inUse(id).orElseThrow(() -> new IOException("it is taken out of use"));
            volume.volume().list("", file -> {
                files[0] += ChunkName.parse(file.path()).isPresent() ? 1 : 0;
                return !volume.isLeaving();
            });
        }
        return files[0];
    }

    private void tell(String names, long done, long files) {
        int percent = (int) Math.min(PERCENT - 1L, done * PERCENT / Math.max(1, files));
        int before = making.map(Making::percent).orElse(0);
        making = Optional.of(new Making(names, percent));
        if (percent / PERCENT_TOLD > before / PERCENT_TOLD) {
            LOG.info("Rows of volume {}: {} of {} files", names, done, files);
        }
    }

    private void failed(String why) {
        if (backoff.failed()) {
            LOG.warn("Rows that are or may be missing wait to be made: {}; it is tried again", why);
        }
        failure = why;
    }

    /** {@return what is under way; empty when nothing is} */
    Optional<Making> making() {
        return making;
    }

    /** {@return why nothing is under way though rows are missing; empty when none are, as far as is known} */
    Optional<String> trouble() {
        return notes.lost().isEmpty()
                ? Optional.empty()
                : Optional.of("the database knew nothing of footage that is there, and its rows wait to be made"
                        + (failure.isEmpty() ? "" : ": " + failure) + "; it is tried again");
    }
}
