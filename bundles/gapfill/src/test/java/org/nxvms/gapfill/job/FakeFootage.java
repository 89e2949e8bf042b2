// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink.Run;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.Segment;

/** An archive in memory: what filling sees of it, and what filling puts there. */
final class FakeFootage implements PastFootage {
    static final UUID CAMERA_ID = UUID.fromString("11111111-2222-4333-8444-555555555555");
    static final StreamId CAMERA = StreamId.main(CAMERA_ID);
    private static final String INIT = "init";

    private final Map<UUID, Kept> segments = new ConcurrentHashMap<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    /** Of what was put there. */
    final List<StreamFormat> formats = new CopyOnWriteArrayList<>();
    /** Fragments after which the disk fails. */
    volatile int fragmentsMax = Integer.MAX_VALUE;

    /** What was received has sound, which is left out here. */
    volatile boolean hasSound;

    private final class Kept {
        final UUID id = UUID.randomUUID();
        final long startUs;
        final ClockSource clock;
        final List<FragmentEntry> index = new CopyOnWriteArrayList<>();
        final List<byte[]> fragments = new CopyOnWriteArrayList<>();
        volatile long endUs;
        long bytes;

        Kept(long startUs, ClockSource clock) {
            this.startUs = startUs;
            this.endUs = startUs;
            this.clock = clock;
        }

        void add(ByteBuffer[] parts, long fromUs, long toUs, boolean key, int units) {
            ByteBuffer all = ByteBuffer.allocate(parts[0].remaining() + parts[1].remaining());
            all.put(parts[0]).put(parts[1]).flip();
            fragments.add(all.array());
            // With the prft that stands before the moof, as in the archive's own index.
            index.add(new FragmentEntry(bytes, all.limit(), fromUs, toUs - fromUs, key, units));
            bytes += all.limit();
            endUs = toUs;
        }

        Segment segment() {
            return new Segment(
                    id,
                    CAMERA,
                    id,
                    id,
                    "",
                    id,
                    0,
                    startUs,
                    endUs,
                    bytes,
                    false,
                    INIT,
                    0,
                    "",
                    0,
                    0,
                    hasSound,
                    clock,
                    index.stream().mapToLong(FragmentEntry::accessUnits).sum(),
                    Optional.empty());
        }
    }

    /** Pictures that were received: from one up to another, whose times are off by what the network took. */
    void received(int from, int to, long lateUs) {
        Kept kept = new Kept(Pictures.takenUs(from) + lateUs, ClockSource.ARRIVAL);
        int sequence = 0;
        for (int at = from; at < to; ) {
            int end = Math.min(to, at + 10);
            List<Pictures.Shown> some = new ArrayList<>();
            for (int i = at; i < end; i++) {
                some.add(new Pictures.Shown(Pictures.takenUs(i) + lateUs, Pictures.isKey(i), Pictures.data(i, true)));
            }
            long endUs = Pictures.takenUs(end) + lateUs;
            ByteBuffer[] parts = Pictures.fragment(++sequence, kept.startUs, some, endUs);
            kept.add(parts, some.get(0).timeUs(), endUs, some.get(0).key(), some.size());
            at = end;
        }
        segments.put(kept.id, kept);
    }

    void missing(long fromUs, long toUs, GapCause cause) {
        gaps.add(new Gap(UUID.randomUUID(), CAMERA, fromUs, OptionalLong.of(toUs), cause, ""));
    }

    /** What begins there is missing again. */
    void forget(long startUs) {
        segments.values().removeIf(kept -> kept.startUs == startUs);
    }

    List<Segment> all() {
        return segments.values().stream()
                .filter(kept -> !kept.index.isEmpty())
                .map(Kept::segment)
                .sorted(Comparator.comparingLong(Segment::startUs))
                .toList();
    }

    /** {@return the pictures of a segment in the order of decoding} */
    List<Pictures.Seen> seen(Segment segment) throws Mp4Exception {
        List<Pictures.Seen> seen = new ArrayList<>();
        for (byte[] fragment : segments.get(segment.id()).fragments) {
            seen.addAll(Pictures.seen(fragment, 32));
        }
        return seen;
    }

    /** {@return the sound of a segment} */
    List<Pictures.Heard> heard(Segment segment) throws Mp4Exception {
        List<Pictures.Heard> heard = new ArrayList<>();
        for (byte[] fragment : segments.get(segment.id()).fragments) {
            heard.addAll(Pictures.heard(fragment, 32));
        }
        return heard;
    }

    List<FragmentEntry> index(Segment segment) {
        return List.copyOf(segments.get(segment.id()).index);
    }

    @Override
    public Run open(RunRequest request, long toUs) throws NotMissingException {
        assertThat(request.clock()).isEqualTo(ClockSource.DEVICE_RECORDING);
        if (all().stream().anyMatch(one -> one.startUs() < toUs && one.endUs() > request.startUs())) {
            throw new NotMissingException("there is footage");
        }
        formats.add(request.format());
        Kept kept = new Kept(request.startUs(), request.clock());
        segments.put(kept.id, kept);
        return new Run() {
            @Override
            public boolean append(
                    ByteBuffer[] parts,
                    int count,
                    long startUs,
                    long durationUs,
                    boolean key,
                    int accessUnits,
                    BooleanSupplier stillIntact)
                    throws IOException {
                if (fragmentsMax-- <= 0) {
                    throw new IOException("the disk fails");
                }
                assertThat(startUs).as("one behind the other").isEqualTo(kept.endUs);
                assertThat(durationUs).isPositive();
                assertThat(startUs + durationUs).isLessThanOrEqualTo(toUs);
                assertThat(key || !kept.index.isEmpty())
                        .as("begins with a key frame")
                        .isTrue();
                kept.add(parts, startUs, startUs + durationUs, key, accessUnits);
                return true;
            }

            @Override
            public void end(long endUs) {}

            @Override
            public void close() {}
        };
    }

    /** {@return what reads it} */
    Archive archive() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "segments":
                            return all().stream()
                                    .filter(one ->
                                            one.startUs() < (long) arguments[2] && one.endUs() > (long) arguments[1])
                                    .toList();
                        case "gaps":
                            return gaps.stream()
                                    .filter(gap -> gap.fromUs() < (long) arguments[2]
                                            && gap.toUs().orElse(Long.MAX_VALUE) > (long) arguments[1])
                                    .toList();
                        case "index":
                            return List.copyOf(segments.get(arguments[0]).index);
                        case "init":
                            return Optional.of(InitSegment.build(Pictures.FORMAT));
                        case "open":
                            return bytes(segments.get(arguments[0]));
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private static Archive.SegmentBytes bytes(Kept kept) {
        ByteBuffer all = ByteBuffer.allocate((int) kept.bytes);
        kept.fragments.forEach(all::put);
        return (Archive.SegmentBytes) Proxy.newProxyInstance(
                Archive.class.getClassLoader(),
                new Class<?>[] {Archive.SegmentBytes.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    ByteBuffer target = (ByteBuffer) arguments[0];
                    int count = target.remaining();
                    target.put(all.slice((int) (long) arguments[1], count));
                    return count;
                });
    }
}
