// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.archive.VolumeUsage;

/** An archive in memory that keeps the contract's words and counts the files that are open. */
public final class FakeArchive implements Archive {
    /** Whether the volume is one for copies. */
    public boolean backup;

    public static final UUID CAMERA = UUID.fromString("11111111-1111-1111-1111-111111111111");
    public static final StreamId MAIN = StreamId.main(CAMERA);
    public static final StreamId SUB = new StreamId(CAMERA, StreamRole.SUB);

    private final List<Segment> segments = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Map<UUID, byte[]> files = new HashMap<>();
    private final Map<UUID, List<FragmentEntry>> indexes = new HashMap<>();
    private final Map<String, byte[]> inits = new HashMap<>();

    public final AtomicInteger filesOpen = new AtomicInteger();
    /** Segments whose key is not here. */
    public final Set<UUID> locked = ConcurrentHashMap.newKeySet();
    /** Whether others fill the memory for encrypted footage. */
    public volatile boolean busy;
    /** What reading an index does first. */
    public volatile Runnable onIndex = () -> {};
    /** From which byte on a segment's ciphertext was altered. */
    public final Map<UUID, Long> altered = new ConcurrentHashMap<>();

    public static Segment segment(long startUs, long endUs, UUID runId, int sequence, String initId, boolean open) {
        return segment(startUs, endUs, runId, sequence, initId, open, false);
    }

    /** A segment of pictures with sound. */
    public static Segment withSound(long startUs, long endUs) {
        return withSound(startUs, endUs, "mp4a.40.2");
    }

    /** As above, its sound of a codec. */
    public static Segment withSound(long startUs, long endUs, String codec) {
        return segment(startUs, endUs, new UUID(0, 3), 0, "aa", false, true, "avc1.640028," + codec);
    }

    /** A segment of sound without pictures. */
    public static Segment soundAlone(long startUs, long endUs) {
        return segment(startUs, endUs, new UUID(0, 3), 0, "aa", false, true, "mp4a.40.2");
    }

    public static Segment segment(
            long startUs, long endUs, UUID runId, int sequence, String initId, boolean open, boolean hasAudio) {
        return segment(startUs, endUs, runId, sequence, initId, open, hasAudio, "avc1.640028");
    }

    private static Segment segment(
            long startUs,
            long endUs,
            UUID runId,
            int sequence,
            String initId,
            boolean open,
            boolean hasAudio,
            String codecs) {
        return new Segment(
                UUID.randomUUID(),
                MAIN,
                new UUID(0, 1),
                new UUID(0, 2),
                "p",
                runId,
                sequence,
                startUs,
                endUs,
                0,
                open,
                initId,
                600,
                codecs,
                1920,
                1080,
                hasAudio,
                ClockSource.ARRIVAL,
                0,
                Optional.empty());
    }

    /** {@return a segment whose file begins with an initialisation segment of its own} */
    public static Segment headed(Segment segment, int initBytes) {
        return of(segment.stream(), segment, initBytes);
    }

    private static Segment of(StreamId stream, Segment segment, int initBytes) {
        return new Segment(
                segment.id(),
                stream,
                segment.serverId(),
                segment.volumeId(),
                segment.path(),
                segment.runId(),
                segment.sequence(),
                segment.startUs(),
                segment.endUs(),
                segment.sizeBytes(),
                segment.open(),
                segment.initId(),
                initBytes,
                segment.codecs(),
                segment.width(),
                segment.height(),
                segment.hasAudio(),
                segment.clockSource(),
                segment.accessUnits(),
                segment.sha256());
    }

    public synchronized Segment add(Segment segment, List<FragmentEntry> index, byte[] file) {
        segments.add(segment);
        segments.sort(Comparator.comparingLong(Segment::startUs));
        indexes.put(segment.id(), index);
        files.put(segment.id(), file);
        return segment;
    }

    public Segment add(long startUs, long endUs) {
        return add(segment(startUs, endUs, new UUID(0, 3), 0, "00", false), List.of(), new byte[0]);
    }

    /** A segment of the sub stream. */
    public Segment addSub(long startUs, long endUs, boolean open) {
        return add(ofSub(segment(startUs, endUs, new UUID(0, 4), 0, "bb", open)), List.of(), new byte[0]);
    }

    /** {@return a segment as one of the sub stream} */
    public static Segment ofSub(Segment segment) {
        return of(SUB, segment, segment.initBytes());
    }

    /** Has a segment be one of the sub stream. */
    public synchronized void toSub(UUID id) {
        segments.replaceAll(segment -> segment.id().equals(id) ? ofSub(segment) : segment);
    }

    public synchronized void grow(UUID id, byte[] file) {
        files.put(id, file);
    }

    /** Overwrites the first bytes of a segment with zeros. */
    public synchronized void damage(UUID id, int bytes) {
        Arrays.fill(files.get(id), 0, bytes, (byte) 0);
    }

    public synchronized void remove(UUID id) {
        segments.removeIf(segment -> segment.id().equals(id));
        files.remove(id);
        indexes.remove(id);
    }

    public void addInit(String id, byte[] init) {
        inits.put(id, init);
    }

    public void addGap(long fromUs, OptionalLong toUs, GapCause cause) {
        addGap(MAIN, fromUs, toUs, cause);
    }

    public void addGap(StreamId stream, long fromUs, OptionalLong toUs, GapCause cause) {
        gaps.add(new Gap(UUID.randomUUID(), stream, fromUs, toUs, cause, ""));
        gaps.sort(Comparator.comparingLong(Gap::fromUs));
    }

    @Override
    public synchronized List<Segment> segments(StreamId stream, long fromUs, long toUs, int limit) {
        return segments.stream()
                .filter(s -> s.stream().equals(stream) && s.startUs() < toUs && s.endUs() > fromUs)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<Segment> segment(UUID id) {
        return segments.stream().filter(s -> s.id().equals(id)).findFirst();
    }

    @Override
    public List<FragmentEntry> index(UUID segmentId) throws IOException {
        onIndex.run();
        return known(segmentId);
    }

    private synchronized List<FragmentEntry> known(UUID segmentId) throws IOException {
        if (!indexes.containsKey(segmentId)) {
            throw new NoSuchFileException(segmentId.toString());
        }
        return indexes.get(segmentId);
    }

    @Override
    public Optional<byte[]> init(String initId) {
        return Optional.ofNullable(inits.get(initId));
    }

    @Override
    public synchronized SegmentBytes open(UUID segmentId) throws IOException {
        byte[] file = files.get(segmentId);
        if (file == null) {
            throw new NoSuchFileException(segmentId.toString());
        }
        if (locked.contains(segmentId)) {
            throw new FootageKeyMissingException("put back aa.key");
        }
        filesOpen.incrementAndGet();
        return new SegmentBytes() {
            @Override
            public void check(long offset) throws IOException {
                if (busy) {
                    throw new FootageBusyException("there is no room");
                }
                if (offset >= altered.getOrDefault(segmentId, Long.MAX_VALUE)) {
                    throw new FootageDamagedException("bytes at " + offset + " are not what was recorded");
                }
            }

            @Override
            public long size() {
                return file.length;
            }

            @Override
            public int read(ByteBuffer target, long offset) throws IOException {
                check(offset);
                int length = Math.min(target.remaining(), file.length - (int) offset);
                target.put(file, (int) offset, length);
                return length == 0 ? -1 : length;
            }

            @Override
            public void close() {
                filesOpen.decrementAndGet();
            }
        };
    }

    @Override
    public List<Gap> gaps(StreamId stream, long fromUs, long toUs, int limit) {
        return gaps.stream()
                .filter(g -> g.stream().equals(stream)
                        && g.fromUs() < toUs
                        && g.toUs().orElse(Long.MAX_VALUE) > fromUs)
                .limit(limit)
                .toList();
    }

    @Override
    public List<StreamId> streams(UUID cameraId) {
        return cameraId.equals(CAMERA) ? List.of(MAIN) : List.of();
    }

    @Override
    public synchronized Optional<TimeRange> range(StreamId stream) {
        return segments.stream()
                .filter(s -> s.stream().equals(stream))
                .map(s -> new TimeRange(s.startUs(), s.endUs()))
                .reduce((a, b) -> new TimeRange(Math.min(a.fromUs(), b.fromUs()), Math.max(a.toUs(), b.toUs())));
    }

    @Override
    public List<VolumeUsage> volumes() {
        return List.of(new VolumeUsage(
                new UUID(0, 2),
                "v",
                "file",
                "/v",
                "ready",
                "",
                1_000,
                -1,
                100,
                500,
                segments.size(),
                org.nxvms.platform.api.archive.FootageEncryption.NONE,
                "",
                backup));
    }

    @Override
    public Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs) {
        Map<StreamId, TimeSpans> found = new HashMap<>();
        for (StreamId stream : streams) {
            TimeSpans spans = new TimeSpans();
            segments(stream, fromUs, toUs, Integer.MAX_VALUE)
                    .forEach(s ->
                            spans.add(Math.max(fromUs, s.startUs()), Math.min(toUs, s.endUs()), TimeSpans.JOIN_US));
            found.put(stream, spans);
        }
        return found;
    }

    @Override
    public Map<StreamId, TimeRange> ranges(Collection<StreamId> streams) {
        Map<StreamId, TimeRange> found = new HashMap<>();
        streams.forEach(stream -> range(stream).ifPresent(range -> found.put(stream, range)));
        return found;
    }

    @Override
    public List<Gap> gaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit) {
        return streams.stream()
                .flatMap(stream -> gaps(stream, fromUs, toUs, limit).stream())
                .filter(gap -> gap.toUs().isEmpty() || gap.toUs().getAsLong() - gap.fromUs() >= minUs)
                .toList();
    }
}
