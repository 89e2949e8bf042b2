// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * Answers what a timeline shows: spans with footage and gaps with their cause, no finer than a bucket, so
 * that an answer has at most about as many entries as buckets. Any thread; blocks on the archive.
 */
public final class Timeline {
    /** A pixel each on a very wide screen. */
    public static final int BUCKETS_MAX = 4_000;
    /** Cameras in one call: a large wall and then some. */
    public static final int CAMERAS_MAX = 128;
    /** Gaps in one answer; beyond, spans still show the holes. */
    static final int GAPS_MAX = 100_000;

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
     * @param keptTo empty when this is all of it; else what a caller has of it that ends by then stays, and this is the rest
     * @param spans pairs of milliseconds, half open
     * @param first milliseconds of the stream's oldest footage, whatever the range
     * @param last its newest
     */
    public record Lane(
            UUID cameraId,
            OptionalLong keptTo,
            List<long[]> spans,
            List<ShownGap> gaps,
            OptionalLong first,
            OptionalLong last) {}

    public List<Lane> lanes(Archive archive, Query query) {
        List<StreamId> streams = query.cameras().stream()
                .map(camera -> new StreamId(camera, query.role()))
                .toList();
        long bucketUs = query.bucketMs() * 1_000;
        Map<StreamId, Archive.TimeRange> ranges = archive.ranges(streams);
        Map<StreamId, TimeSpans> footage = archive.footage(streams, query.fromUs(), query.toUs());
        Map<StreamId, List<ShownGap>> gaps = new HashMap<>();
        for (Gap gap : archive.gaps(streams, query.fromUs(), query.toUs(), bucketUs, GAPS_MAX)) {
            gaps.computeIfAbsent(gap.stream(), none -> new ArrayList<>()).add(shown(gap));
        }
        List<Lane> lanes = new ArrayList<>(streams.size());
        for (StreamId stream : streams) {
            Optional<Archive.TimeRange> there = Optional.ofNullable(ranges.get(stream));
            lanes.add(new Lane(
                    stream.cameraId(),
                    OptionalLong.empty(),
                    spans(footage.getOrDefault(stream, new TimeSpans()), bucketUs),
                    gaps.getOrDefault(stream, List.of()),
                    there.map(range -> OptionalLong.of(floorMs(range.fromUs()))).orElse(OptionalLong.empty()),
                    there.map(range -> OptionalLong.of(ceilMs(range.toUs()))).orElse(OptionalLong.empty())));
        }
        return lanes;
    }

    private static List<long[]> spans(TimeSpans footage, long bucketUs) {
        TimeSpans merged = new TimeSpans();
        merged.addAll(footage, Long.MIN_VALUE, Long.MAX_VALUE, bucketUs);
        List<long[]> shown = new ArrayList<>(merged.count());
        for (int i = 0; i < merged.count(); i++) {
            shown.add(new long[] {floorMs(merged.fromUs(i)), ceilMs(merged.toUs(i))});
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
