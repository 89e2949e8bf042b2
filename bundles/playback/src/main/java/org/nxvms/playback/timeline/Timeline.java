// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;

/**
 * Answers what a timeline shows: spans with footage and gaps with their cause, no finer than a bucket, so
 * that an answer has at most about as many entries as buckets. Any thread; blocks on the archive.
 */
public final class Timeline {
    /** A pixel each on a very wide screen. */
    public static final int BUCKETS_MAX = 4_000;
    /** Cameras in one call: a large wall and then some. */
    public static final int CAMERAS_MAX = 128;
    /** Gaps looked at per camera; beyond, spans still show the holes. */
    static final int GAPS_READ_MAX = 20_000;

    private static final int GAPS_PAGE = 1_000;

    private final DayRollups rollups;

    /** @param nowUs wall time in microseconds */
    public Timeline(LongSupplier nowUs) {
        rollups = new DayRollups(nowUs);
    }

    /**
     * What is asked for. {@code fromUs < toUs}.
     *
     * @param bucketMs length of a bucket
     */
    public record Query(List<UUID> cameras, StreamRole role, long fromUs, long toUs, long bucketMs) {
        public Query {
            cameras = List.copyOf(cameras);
            if (toUs <= fromUs || bucketMs < 1) {
                throw new IllegalArgumentException("from " + fromUs + ", to " + toUs + ", bucketMs " + bucketMs);
            }
        }
    }

    /** {@return the shortest bucket of whole milliseconds of which {@code buckets} cover the range} */
    public static long bucketMs(long fromUs, long toUs, int buckets) {
        long bucketUs = (toUs - fromUs + buckets - 1) / buckets;
        return Math.max(1, ceilMs(bucketUs));
    }

    /**
     * A gap as it travels.
     *
     * @param start milliseconds
     * @param end milliseconds, empty while it lasts
     */
    public record ShownGap(long start, OptionalLong end, String cause, String detail) {}

    /**
     * One camera's lane.
     *
     * @param spans pairs of milliseconds, half open
     * @param first milliseconds of the stream's oldest footage, whatever the range
     * @param last its newest
     */
    public record Lane(UUID cameraId, List<long[]> spans, List<ShownGap> gaps, OptionalLong first, OptionalLong last) {}

    public List<Lane> lanes(Archive archive, Query query) {
        List<Lane> lanes = new ArrayList<>(query.cameras().size());
        for (UUID camera : query.cameras()) {
            StreamId stream = new StreamId(camera, query.role());
            lanes.add(lane(archive, stream, query));
        }
        return lanes;
    }

    private Lane lane(Archive archive, StreamId stream, Query query) {
        Optional<Archive.TimeRange> there = archive.range(stream);
        return new Lane(
                stream.cameraId(),
                there.map(range -> spans(archive, stream, range, query)).orElse(List.of()),
                gaps(archive, stream, query),
                there.map(range -> OptionalLong.of(floorMs(range.fromUs()))).orElse(OptionalLong.empty()),
                there.map(range -> OptionalLong.of(ceilMs(range.toUs()))).orElse(OptionalLong.empty()));
    }

    private List<long[]> spans(Archive archive, StreamId stream, Archive.TimeRange there, Query query) {
        Spans spans = rollups.spans(archive, stream, there, query.fromUs(), query.toUs(), query.bucketMs() * 1_000);
        List<long[]> shown = new ArrayList<>(spans.count());
        for (int i = 0; i < spans.count(); i++) {
            shown.add(new long[] {floorMs(spans.fromUs(i)), ceilMs(spans.toUs(i))});
        }
        return shown;
    }

    private static List<ShownGap> gaps(Archive archive, StreamId stream, Query query) {
        List<ShownGap> shown = new ArrayList<>();
        long bucketUs = query.bucketMs() * 1_000;
        long fromUs = query.fromUs();
        long lastStartUs = Long.MIN_VALUE;
        for (int read = 0; read < GAPS_READ_MAX; ) {
            List<Gap> page = archive.gaps(stream, fromUs, query.toUs(), GAPS_PAGE);
            long pageStartUs = lastStartUs;
            for (Gap gap : page) {
                if (gap.fromUs() > pageStartUs || pageStartUs == Long.MIN_VALUE) {
                    lastStartUs = Math.max(lastStartUs, gap.fromUs());
                    if (gap.toUs().isEmpty() || gap.toUs().getAsLong() - gap.fromUs() >= bucketUs) {
                        shown.add(shown(gap));
                    }
                }
            }
            if (page.size() < GAPS_PAGE || lastStartUs == pageStartUs) {
                break;
            }
            read += page.size();
            fromUs = Math.max(fromUs, lastStartUs);
        }
        return shown;
    }

    private static ShownGap shown(Gap gap) {
        return new ShownGap(
                floorMs(gap.fromUs()),
                gap.toUs().isPresent() ? OptionalLong.of(ceilMs(gap.toUs().getAsLong())) : OptionalLong.empty(),
                gap.cause().name().toLowerCase(Locale.ROOT),
                gap.detail());
    }

    private static long floorMs(long us) {
        return Math.floorDiv(us, 1_000L);
    }

    private static long ceilMs(long us) {
        return -Math.floorDiv(-us, 1_000L);
    }
}
