// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.playback.played.Holes;
import org.nxvms.playback.played.StreamWish;

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
    /** Of what one stream records, so much at most is not told yet while the other one lacks it. */
    private static final long UNDECIDED_US_MAX = 30_000_000;

    /**
     * What is asked for. {@code fromUs < toUs}.
     *
     * @param bucketMs length of a bucket
     */
    public record Query(List<UUID> cameras, StreamWish stream, long fromUs, long toUs, long bucketMs) {
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
     * @param first milliseconds of the oldest footage, whatever the range
     * @param last its newest
     */
    public record Lane(
            UUID cameraId,
            OptionalLong keptTo,
            List<long[]> spans,
            List<ShownGap> gaps,
            OptionalLong first,
            OptionalLong last) {}

    /** @param nowUs wall time */
    public List<Lane> lanes(Archive archive, Query query, long nowUs) {
        List<StreamId> streams = query.cameras().stream()
                .flatMap(camera -> query.stream().of(camera).stream())
                .toList();
        Map<StreamId, Archive.TimeRange> ranges = archive.ranges(streams);
        // A hole is as long as it is, wherever the range begins.
        long aroundUs = query.stream().isAny() ? Holes.US_MIN : 0;
        Map<StreamId, TimeSpans> footage = archive.footage(streams, query.fromUs() - aroundUs, query.toUs() + aroundUs);
        Map<StreamId, List<Gap>> gaps = new HashMap<>();
        for (Gap gap : archive.gaps(streams, query.fromUs(), query.toUs(), query.bucketMs() * 1_000, GAPS_MAX)) {
            gaps.computeIfAbsent(gap.stream(), none -> new ArrayList<>()).add(gap);
        }
        Found found = new Found(ranges, footage, gaps);
        return query.cameras().stream()
                .map(camera -> lane(camera, query, found, nowUs))
                .toList();
    }

    /** What the archive says of streams. */
    private record Found(
            Map<StreamId, Archive.TimeRange> ranges, Map<StreamId, TimeSpans> footage, Map<StreamId, List<Gap>> gaps) {
        TimeSpans footage(StreamId stream) {
            return footage.getOrDefault(stream, new TimeSpans());
        }

        List<Gap> gaps(StreamId stream) {
            return gaps.getOrDefault(stream, List.of());
        }
    }

    private static Lane lane(UUID camera, Query query, Found found, long nowUs) {
        List<StreamId> streams = query.stream().of(camera);
        StreamId chief = streams.get(0);
        TimeSpans footage = found.footage(chief);
        List<ShownGap> gaps = found.gaps(chief).stream().map(Timeline::shown).toList();
        if (streams.size() > 1) {
            StreamId other = streams.get(1);
            footage = Holes.both(footage, Holes.filled(footage, found.footage(other)), TimeSpans.JOIN_US);
            gaps = new GapsOfAll(footage, query, nowUs - UNDECIDED_US_MAX)
                    .of(found.gaps(chief), found.gaps(other)).stream()
                            .map(Timeline::shown)
                            .toList();
        }
        List<Archive.TimeRange> there = streams.stream()
                .map(found.ranges()::get)
                .filter(Objects::nonNull)
                .toList();
        return new Lane(
                camera,
                OptionalLong.empty(),
                spans(footage, query),
                gaps,
                there.stream().mapToLong(range -> floorMs(range.fromUs())).min(),
                there.stream().mapToLong(range -> ceilMs(range.toUs())).max());
    }

    private static List<long[]> spans(TimeSpans footage, Query query) {
        TimeSpans merged = new TimeSpans();
        merged.addAll(footage, query.fromUs(), query.toUs(), query.bucketMs() * 1_000);
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
