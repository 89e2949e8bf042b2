// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends moves, whole or broken off (ADR 24). {@code journal/move/} of the volume that a chunk was on its way to names the
 * chunk and where it came from. One of the two files goes once the other was found sealed and whole, with the same size
 * and root, and the row has named that one for so long that no power cut takes it back; then the marker goes. What cannot
 * be decided stays as it is and is looked at again, ever more seldom. Movers' threads; blocks on disk and database.
 */
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

    private final Supplier<Collection<FootageVolume>> all;
    private final ChunkClaims claims;
    private final LockBook locks;
    private final OpenReaders readers;
    private final Pace pace;
    private final Map<UUID, Arrival> pending = new ConcurrentHashMap<>();
    /** All that was committed before is durable. */
    private volatile OptionalLong durableNanos = OptionalLong.empty();

    /** @param all volumes in use, also those that hold copies */
    Arrivals(
            Supplier<Collection<FootageVolume>> all,
            ChunkClaims claims,
            LockBook locks,
            OpenReaders readers,
            Pace pace) {
        this.all = all;
        this.locks = locks;
        this.claims = claims;
        this.readers = readers;
        this.pace = pace;
    }

    /** What is known of one chunk; only who has claimed it touches it. */
    private static final class Arrival {
        /** Where the chunk was on its way to. */
        final UUID targetId;

        final Backoff backoff = new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
        /** Whose file was read in full. */
        Optional<UUID> verified = Optional.empty();
        /** Which volume the row names, and since when as far as this process knows. */
        Optional<UUID> named = Optional.empty();

        long namedNanos;

        Arrival(UUID targetId) {
            this.targetId = targetId;
        }

        void names(UUID volumeId) {
            if (named.filter(volumeId::equals).isEmpty()) {
                named = Optional.of(volumeId);
                namedNanos = System.nanoTime();
            }
        }
    }

    /** Everything that one decision is made of. */
    private record Case(
            FootageVolume target,
            ChunkName name,
            Optional<ChunkFile> copy,
            Optional<ChunkFile> original,
            Optional<Volume> source,
            Optional<Volume> third,
            ChunkIndex index,
            Arrival arrival) {
        Optional<UUID> row() {
            return index.get(name.segmentId()).map(Segment::volumeId);
        }
    }

    static String marker(Volume source, String path) {
        return source.id() + "/" + path;
    }

    private static String source(String marker) {
        return marker.substring(0, marker.indexOf('/'));
    }

    private static Optional<ChunkName> chunk(String marker) {
        return ChunkName.parse(marker.substring(marker.indexOf('/') + 1));
    }

    /** {@return chunks on the volume that may be parts of copies} */
    static Set<UUID> unsettled(Volume target) throws IOException {
        Set<UUID> segments = new HashSet<>();
        for (String marker : Markers.move(target).all()) {
            chunk(marker).ifPresent(name -> segments.add(name.segmentId()));
        }
        return segments;
    }

    /** Claimed by the caller: copy and original were compared in full, and the row names the copy since now. */
    void moved(UUID segmentId, UUID targetId) {
        Arrival arrival = new Arrival(targetId);
        arrival.verified = Optional.of(targetId);
        arrival.names(targetId);
        pending.put(segmentId, arrival);
    }

    /** {@return whether two files of the chunk may be there, so that it must not go further} */
    boolean isPending(UUID segmentId) {
        return pending.containsKey(segmentId);
    }

    /** {@return whether there are moves to end, and nothing stands against it but time} */
    boolean areAllOnTheWay() {
        return !pending.isEmpty() && pending.values().stream().noneMatch(arrival -> arrival.backoff.hasFailed());
    }

    /**
     * Volumes came or went: what could not be decided may be now. Of those that went the markers tell when they come back;
     * until then what was on its way to them is free to go elsewhere.
     */
    void retry(Collection<FootageVolume> volumes) {
        pending.values().removeIf(arrival -> volumes.stream()
                .noneMatch(volume -> volume.volume().id().equals(arrival.targetId)));
        pending.values().forEach(arrival -> arrival.backoff.tryNow());
    }

    /** @param volumes all that are in use, among them where chunks came from */
    void settle(FootageVolume target, Collection<FootageVolume> volumes, ChunkIndex index) throws IOException {
        Markers markers = Markers.move(target.volume());
        // Only those count that are not settled, and mostly there is none: then the folder need not be listed each
        // second.
        Set<UUID> marked = target.unsettled().isEmpty() ? new HashSet<>() : Backups.unsettled(target.volume());
        for (String marker : markers.all()) {
            Optional<ChunkName> name = chunk(marker);
            if (name.isEmpty()) {
                markers.clear(marker);
                continue;
            }
            UUID id = name.get().segmentId();
            marked.add(id);
            if (!target.isLeaving() && claims.claim(id)) {
                try {
                    settle(target, markers, marker, name.get(), volumes, index);
                } finally {
                    claims.release(id);
                }
            }
        }
        // Those that are on their way just now are claimed.
        target.unsettled().removeIf(id -> !marked.contains(id) && !claims.isClaimed(id));
    }

    private void settle(
            FootageVolume target,
            Markers markers,
            String marker,
            ChunkName name,
            Collection<FootageVolume> volumes,
            ChunkIndex index) {
        Arrival arrival = pending.computeIfAbsent(
                name.segmentId(), first -> new Arrival(target.volume().id()));
        if (!arrival.backoff.isDue()) {
            return;
        }
        try {
            Optional<Volume> source = volumes.stream()
                    .map(FootageVolume::volume)
                    .filter(volume -> volume.id().toString().equals(source(marker)))
                    .findFirst();
            Optional<ChunkFile> copy = look(target.volume(), name);
            Optional<ChunkFile> original = source.flatMap(volume -> look(volume, name));
            Optional<Volume> third = index.get(name.segmentId())
                    .map(Segment::volumeId)
                    .filter(row ->
                            !row.equals(target.volume().id()) && !source(marker).equals(row.toString()))
                    .flatMap(row -> all.get().stream()
                            .map(FootageVolume::volume)
                            .filter(volume -> volume.id().equals(row))
                            .findFirst());
            if (settle(new Case(target, name, copy, original, source, third, index, arrival))) {
                markers.clear(marker);
                pending.remove(name.segmentId());
                target.unsettled().remove(name.segmentId());
            }
        } catch (IOException undecided) {
            if (arrival.backoff.failed()) {
                LOG.warn(
                        "Volume {}: the move of {} is not ended: {}",
                        target.name(),
                        name.path(),
                        undecided.getMessage());
            }
        }
    }

    /** {@return empty when the volume does not let itself be read} */
    private static Optional<ChunkFile> look(Volume volume, ChunkName name) {
        try {
            return Optional.of(ChunkFile.look(volume, name.path()));
        } catch (IOException notWell) {
            LOG.debug("Volume {}: {}", volume.name(), notWell.getMessage());
            return Optional.empty();
        }
    }

    /** {@return whether one file is left, and the row names it} */
    private boolean settle(Case one) throws IOException {
        boolean copySealed = one.copy().filter(ChunkFile::isSealed).isPresent();
        Volume here = one.target().volume();
        if (copySealed && one.row().filter(here.id()::equals).isPresent()) {
            // Checks and rebuilds need not pass it by; who knows when the other volume comes back.
            one.target().unsettled().remove(one.name().segmentId());
        } else {
            one.target().unsettled().add(one.name().segmentId());
        }
        if (one.third().isPresent()) {
            return settleWithThird(one, one.third().get());
        }
        if (one.copy().isEmpty() || one.original().isEmpty()) {
            return settleWithOne(one);
        }
        ChunkFile copy = one.copy().get();
        ChunkFile original = one.original().get();
        if (copy.isAbsent() && original.isAbsent()) {
            return true;
        }
        if (copySealed && original.isSealed() && !copy.isSame(original)) {
            throw new IOException("the files here and on volume "
                    + original.volume().name()
                    + " are both sealed and differ in size or root; play both, and remove one by hand");
        }
        boolean copyCounts = copySealed
                && (original.isAbsent()
                        || original.isSealed()
                                && one.row().filter(here.id()::equals).isPresent());
        if (copy.isAbsent() && original.isSealed() && one.row().isEmpty() && isRemovedByHand(one, original)) {
            original.volume().delete(one.name().path());
            return true;
        }
        ChunkFile kept = copyCounts ? copy : original;
        ChunkFile other = copyCounts ? original : copy;
        if (!kept.isSealed()) {
            throw new IOException("it is whole neither here nor on volume "
                    + original.volume().name() + "; both files stay");
        }
        verify(one, kept);
        name(one, kept, other.volume().id());
        if (!isDurable(one)) {
            return false;
        }
        if (!other.isAbsent()) {
            remove(one, other, kept);
        }
        return true;
    }

    /**
     * The row names neither: the chunk went elsewhere while this volume was away, and the marker of that other move tells
     * of the original; or it names a backup, since that was all there was, and one of the two counts again.
     */
    private boolean settleWithThird(Case one, Volume third) throws IOException {
        ChunkFile named = ChunkFile.look(third, one.name().path());
        if (third.isBackup()) {
            Optional<ChunkFile> main = Stream.of(one.copy(), one.original())
                    .flatMap(Optional::stream)
                    .filter(file -> file.isSealed() && (!named.isSealed() || file.isSame(named)))
                    .findFirst();
            if (main.isPresent()) {
                verify(one, main.get());
                one.index()
                        .copies()
                        .demote(one.name().segmentId(), main.get().volume().id());
                // From now on it is one of the two, and decided as such.
                return false;
            }
        }
        boolean decided = one.copy().isPresent()
                && named.isSealed()
                && one.copy()
                        .filter(file -> file.isSealed() && !file.isSame(named))
                        .isEmpty();
        if (!decided) {
            throw new IOException("its row names a third volume, " + third.name() + ", and which file counts cannot be"
                    + " told; archive-check says more");
        }
        verify(one, named);
        one.arrival().names(third.id());
        if (!isDurable(one)) {
            return false;
        }
        if (!one.copy().get().isAbsent()) {
            remove(one, one.copy().get(), named);
        }
        return true;
    }

    private void remove(Case one, ChunkFile other, ChunkFile kept) throws IOException {
        readers.removed(
                one.name().segmentId(),
                other.volume().id(),
                kept.row().segment().sizeBytes());
        other.volume().delete(one.name().path());
    }

    /** Somebody removed the chunk where it was moved to, before its original was gone: that must not bring it back. */
    private boolean isRemovedByHand(Case one, ChunkFile original) throws IOException {
        Segment segment = original.row().segment();
        boolean removed = RemovedByHand.is(segment, one.index());
        if (!removed
                && one.arrival().named.isPresent()
                && !one.arrival().backoff.hasFailed()) {
            throw new IOException("its row and copy are gone; why is looked up once more before the original counts");
        }
        return removed && !locks.holds(segment);
    }

    /** One of the volumes is not there or not well: nothing goes, but what can be read shall be found. */
    private boolean settleWithOne(Case one) throws IOException {
        Optional<ChunkFile> readable = one.copy().or(one::original).filter(ChunkFile::isSealed);
        Optional<UUID> row = one.row();
        UUID here = one.target().volume().id();
        boolean copyUnreadable =
                one.copy().isEmpty() && row.filter(here::equals).isPresent();
        if (readable.isPresent() && (row.isEmpty() || copyUnreadable)) {
            verify(one, readable.get());
            name(one, readable.get(), here);
            if (one.copy().isPresent()) {
                one.target().unsettled().remove(one.name().segmentId());
            }
        }
        throw new IOException(
                one.copy().isEmpty()
                        ? "its copy cannot be read; check the disk"
                        : "volume "
                                + one.source().map(Volume::name).orElse("that it came from")
                                + " is not there or cannot be read");
    }

    private void verify(Case one, ChunkFile kept) throws IOException {
        UUID id = kept.volume().id();
        if (one.arrival().verified.filter(id::equals).isEmpty()) {
            kept.verify(pace, () -> !one.target().isLeaving());
            one.arrival().verified = Optional.of(id);
        }
    }

    /** The row is to name the file that is kept. */
    private static void name(Case one, ChunkFile kept, UUID otherId) throws IOException {
        UUID id = kept.volume().id();
        Optional<UUID> row = one.row();
        if (row.isEmpty()) {
            one.index().insert(List.of(kept.row()));
        } else if (row.get().equals(otherId) && !id.equals(otherId)) {
            one.index().relocate(one.name().segmentId(), otherId, id);
        } else if (!row.get().equals(id)) {
            throw new IOException("its row names a third volume, " + row.get());
        }
        if (row.filter(id::equals).isEmpty()) {
            one.arrival().named = Optional.empty();
        }
        one.arrival().names(id);
    }

    /** Best is that the database says so, once for all that were named until then; else time tells. */
    private boolean isDurable(Case one) {
        OptionalLong known = durableNanos;
        if (known.isPresent() && known.getAsLong() - one.arrival().namedNanos > 0) {
            return true;
        }
        long now = System.nanoTime();
        if (one.index().makeDurable()) {
            durableNanos = OptionalLong.of(now);
            return true;
        }
        long left = one.arrival().namedNanos + one.index().durableAfter().toNanos() - System.nanoTime();
        one.arrival().backoff.waits(Math.max(0, left));
        return left <= 0;
    }
}
