// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.storage.spi.VolumeSpace;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Finds footage: in the index what is sealed, in memory what is open or waits for its row. A chunk moves from open to
 * waiting to row; asking in that order never misses one. What cannot be read where its row says is read from its copy.
 */
@Component(service = Archive.class)
public final class ArchiveReader implements Archive {
    private static final int LIMIT_MAX = 10_000;
    private static final int GAPS_MAX = 100_000;
    /** Half of what one statement takes. */
    private static final int STREAMS_MAX = 1_000;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final IndexWriter rows;
    private final GapLedger ledger;
    private final OpenReaders readers;
    private final ClearFootage clear;
    private final SegmentFiles files;
    private final InitFiles inits;

    @Activate
    public ArchiveReader(@Reference ChunkArchive archive) {
        this.volumes = archive::footageVolumes;
        this.rows = archive.rows();
        this.ledger = archive.ledger();
        this.readers = archive.readers();
        this.clear = new ClearFootage(archive.ciphers());
        this.files = new SegmentFiles(volumes, rows, this::segment);
        this.inits = new InitFiles(rows, files);
    }

    private ChunkIndex index() {
        return rows.index()
                .orElseThrow(() -> new StoreException("the database is not there; try again in a moment", null));
    }

    private Stream<OpenChunk> live() {
        return volumes.get().stream().flatMap(volume -> volume.live().stream()).filter(chunk -> !chunk.isEmpty());
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be 1.." + LIMIT_MAX + ", not " + limit);
        }
        return limit;
    }

    private static boolean overlaps(Segment segment, StreamId stream, long fromUs, long toUs) {
        return segment.stream().equals(stream) && segment.startUs() < toUs && segment.endUs() > fromUs;
    }

    @Override
    public List<Segment> segments(StreamId stream, long fromUs, long toUs, int limit) {
        Map<UUID, Segment> found = new LinkedHashMap<>();
        live().filter(chunk -> chunk.run().stream().equals(stream))
                .map(OpenChunk::segment)
                .filter(segment -> overlaps(segment, stream, fromUs, toUs))
                .forEach(segment -> found.put(segment.id(), segment));
        rows.waitingSegments().stream()
                .filter(segment -> overlaps(segment, stream, fromUs, toUs))
                .forEach(segment -> found.put(segment.id(), segment));
        index().find(stream, fromUs, toUs, checked(limit)).forEach(segment -> found.put(segment.id(), segment));
        return found.values().stream()
                .sorted(Comparator.comparingLong(Segment::startUs).thenComparingLong(Segment::endUs))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Segment> segment(UUID id) {
        Optional<Segment> open = live(id).map(OpenChunk::segment);
        Optional<Segment> waiting = rows.waitingSegments().stream()
                .filter(segment -> segment.id().equals(id))
                .findFirst();
        if (waiting.isPresent()) {
            return waiting;
        }
        return open.isPresent() ? open : index().get(id);
    }

    private Optional<OpenChunk> live(UUID id) {
        return volumes.get().stream()
                .flatMap(volume -> volume.live(id).stream())
                .findFirst();
    }

    @Override
    public List<FragmentEntry> index(UUID segmentId) throws IOException {
        Optional<OpenChunk> open = live(segmentId);
        if (open.isPresent()) {
            return withoutDamage(open.get().index());
        }
        return files.reading(segmentId, (segment, file) -> withoutDamage(ChunkReader.index(file, segment.path())));
    }

    /** Damaged ciphertext stands for itself in the index, and is an error to whoever asks for it. */
    private static List<FragmentEntry> withoutDamage(List<FragmentEntry> all) {
        return all.stream().filter(one -> !Hole.isDamage(one)).toList();
    }

    @Override
    public Optional<byte[]> init(String initId) throws IOException {
        Optional<byte[]> open = live().filter(chunk -> chunk.run().initId().equals(initId))
                .findFirst()
                .map(chunk -> InitSegment.build(chunk.run().format()));
        return open.isPresent() ? open : inits.read(initId, this::index);
    }

    @Override
    public SegmentBytes open(UUID segmentId) throws IOException {
        Optional<OpenChunk> open = live(segmentId);
        if (open.isPresent()) {
            OpenChunk chunk = open.get();
            Segment segment = chunk.segment();
            return readers.open(segment, clear.growing(chunk, files.read(segment)), chunk::wholeBytes);
        }
        SegmentFiles.Found found = files.find(segmentId);
        try {
            return new SpareBytes(bytes(found), () -> copy(found.segment()));
        } catch (IOException damaged) {
            found.file().close();
            Optional<SegmentBytes> copy =
                    SpareBytes.saysNothingOfTheFile(damaged) ? Optional.empty() : copy(found.segment());
            return copy.orElseThrow(() -> damaged);
        }
    }

    private Optional<SegmentBytes> copy(Segment failed) {
        Optional<SegmentFiles.Found> other = files.copy(failed);
        try {
            return other.isEmpty() ? Optional.empty() : Optional.of(bytes(other.get()));
        } catch (IOException neither) {
            // What is wrong with the first is what its reader is told.
            return Optional.empty();
        }
    }

    private SegmentBytes bytes(SegmentFiles.Found found) throws IOException {
        long size = found.segment().sizeBytes();
        return readers.open(found.segment(), clear.sealed(found.segment(), found.file()), () -> size);
    }

    @Override
    public List<Gap> gaps(StreamId stream, long fromUs, long toUs, int limit) {
        return withUnwritten(Set.of(stream), index().findGaps(stream, fromUs, toUs, checked(limit)), fromUs, toUs)
                .sorted(Comparator.comparingLong(Gap::fromUs))
                .limit(limit)
                .toList();
    }

    @Override
    public Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs) {
        Set<StreamId> wanted = checked(streams);
        Map<StreamId, List<TimeRange>> unindexed = new HashMap<>();
        unindexed(wanted, (stream, range) -> {
            if (range.fromUs() < toUs && range.toUs() > fromUs) {
                unindexed.computeIfAbsent(stream, none -> new ArrayList<>()).add(range);
            }
        });
        Map<StreamId, TimeSpans> found = new HashMap<>(index().footage(wanted, fromUs, toUs));
        unindexed.forEach((stream, more) -> {
            TimeSpans sealed = found.getOrDefault(stream, new TimeSpans());
            for (int i = 0; i < sealed.count(); i++) {
                more.add(new TimeRange(sealed.fromUs(i), sealed.toUs(i)));
            }
            TimeSpans all = new TimeSpans();
            more.stream()
                    .sorted(Comparator.comparingLong(TimeRange::fromUs))
                    .forEach(range ->
                            all.add(Math.max(fromUs, range.fromUs()), Math.min(toUs, range.toUs()), TimeSpans.JOIN_US));
            found.put(stream, all);
        });
        return found;
    }

    /** What is open, then what waits for its row. */
    private void unindexed(Set<StreamId> streams, BiConsumer<StreamId, TimeRange> visitor) {
        live().filter(chunk -> streams.contains(chunk.run().stream())).forEach(chunk -> {
            Segment segment = chunk.segment();
            Hole.without(segment.startUs(), segment.endUs(), chunk.holes())
                    .forEach(range -> visitor.accept(segment.stream(), range));
        });
        rows.waitingSegments().stream()
                .filter(segment -> streams.contains(segment.stream()))
                .forEach(
                        segment -> visitor.accept(segment.stream(), new TimeRange(segment.startUs(), segment.endUs())));
    }

    private static Set<StreamId> checked(Collection<StreamId> streams) {
        if (streams.size() > STREAMS_MAX) {
            throw new IllegalArgumentException("at most " + STREAMS_MAX + " streams at once, not " + streams.size());
        }
        return Set.copyOf(streams);
    }

    @Override
    public Map<StreamId, TimeRange> ranges(Collection<StreamId> streams) {
        Set<StreamId> wanted = checked(streams);
        Map<StreamId, TimeRange> found = new HashMap<>();
        unindexed(wanted, (stream, range) -> found.merge(stream, range, ArchiveReader::both));
        index().ranges(wanted).forEach((stream, range) -> found.merge(stream, range, ArchiveReader::both));
        return found;
    }

    private static TimeRange both(TimeRange a, TimeRange b) {
        return new TimeRange(Math.min(a.fromUs(), b.fromUs()), Math.max(a.toUs(), b.toUs()));
    }

    @Override
    public List<Gap> gaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit) {
        Set<StreamId> wanted = checked(streams);
        if (limit < 1 || limit > GAPS_MAX) {
            throw new IllegalArgumentException("limit must be 1.." + GAPS_MAX + ", not " + limit);
        }
        return withUnwritten(wanted, index().findGaps(wanted, fromUs, toUs, minUs, limit), fromUs, toUs)
                .filter(gap -> gap.toUs().isEmpty() || gap.toUs().getAsLong() - gap.fromUs() >= minUs)
                .sorted(Comparator.comparing((Gap gap) -> gap.stream().cameraId())
                        .thenComparing(gap -> gap.stream().role())
                        .thenComparingLong(Gap::fromUs))
                .limit(limit)
                .toList();
    }

    /** What changed of gaps and is not in the index yet counts. */
    private Stream<Gap> withUnwritten(Set<StreamId> streams, List<Gap> stored, long fromUs, long toUs) {
        Map<UUID, Gap> found = new LinkedHashMap<>();
        stored.forEach(gap -> found.put(gap.id(), gap));
        rows.waitingGaps().stream()
                .filter(gap -> streams.contains(gap.stream()))
                .forEach(gap -> found.put(gap.id(), gap));
        streams.forEach(stream -> ledger.open(stream).forEach(gap -> found.put(gap.id(), gap)));
        Set<UUID> dropped = rows.droppedGaps();
        return found.values().stream()
                .filter(gap -> !dropped.contains(gap.id()))
                .filter(gap -> gap.fromUs() < toUs && gap.toUs().orElse(Long.MAX_VALUE) > fromUs);
    }

    @Override
    public List<StreamId> streams(UUID cameraId) {
        Set<StreamId> streams = new LinkedHashSet<>();
        live().map(chunk -> chunk.run().stream())
                .filter(stream -> stream.cameraId().equals(cameraId))
                .forEach(streams::add);
        rows.waitingSegments().stream()
                .map(Segment::stream)
                .filter(stream -> stream.cameraId().equals(cameraId))
                .forEach(streams::add);
        streams.addAll(index().streams(Optional.of(cameraId)));
        return streams.stream().sorted(Comparator.comparing(StreamId::role)).toList();
    }

    @Override
    public Optional<TimeRange> range(StreamId stream) {
        List<TimeRange> ranges = new ArrayList<>();
        live().filter(chunk -> chunk.run().stream().equals(stream))
                .map(OpenChunk::segment)
                .forEach(segment -> ranges.add(new TimeRange(segment.startUs(), segment.endUs())));
        rows.waitingSegments().stream()
                .filter(segment -> segment.stream().equals(stream))
                .forEach(segment -> ranges.add(new TimeRange(segment.startUs(), segment.endUs())));
        index().range(stream).ifPresent(ranges::add);
        return ranges.stream()
                .reduce((a, b) -> new TimeRange(Math.min(a.fromUs(), b.fromUs()), Math.max(a.toUs(), b.toUs())));
    }

    @Override
    public List<VolumeUsage> volumes() {
        return volumes.get().stream()
                .sorted(Comparator.comparing(volume -> volume.volume().name()))
                .map(this::usage)
                .toList();
    }

    private VolumeUsage usage(FootageVolume volume) {
        Optional<VolumeSpace> space = volume.space();
        Optional<ChunkIndex.Usage> usage = rows.index().flatMap(index -> {
            try {
                return Optional.of(index.usage(volume.volume().id()));
            } catch (StoreException unknown) {
                return Optional.empty();
            }
        });
        return new VolumeUsage(
                volume.volume().id(),
                volume.volume().name(),
                volume.kind(),
                volume.volume().location(),
                volume.volume().status().name().toLowerCase(Locale.ROOT),
                volume.volume().statusDetail(),
                space.map(VolumeSpace::totalBytes).orElse(-1L),
                space.map(VolumeSpace::usableBytes).orElse(-1L),
                space.map(VolumeSpace::reserveBytes).orElse(-1L),
                usage.map(ChunkIndex.Usage::bytes).orElse(-1L),
                usage.map(ChunkIndex.Usage::segments).orElse(-1L),
                volume.volume().isEncrypted() ? FootageEncryption.AES_256_GCM : FootageEncryption.NONE,
                volume.fitness()
                        .encryptionTrouble()
                        .map(FootageCiphers.Trouble::what)
                        .orElse(""),
                volume.volume().isBackup());
    }
}
