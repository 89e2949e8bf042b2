// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;

/**
 * Bit rate and picture rate of each stream, from the hub's counters at two moments. Sampled by the
 * control thread, read by any.
 */
final class RateMeter {
    /** Rates of one stream over the last two samples. */
    record Rate(long bitrateBps, double framesPerSecond) {
        static final Rate NONE = new Rate(0, 0);
    }

    private record Sample(long atMs, long frames, long bytes) {}

    private Map<StreamId, Sample> samples = Map.of();
    private volatile Map<StreamId, Rate> rates = Map.of();

    void sample(List<StreamStatistics> statistics, long nowMs) {
        Map<StreamId, Sample> next = new HashMap<>();
        Map<StreamId, Rate> measured = new HashMap<>();
        for (StreamStatistics s : statistics) {
            Sample now = new Sample(nowMs, s.pictures(), s.payloadBytes());
            Sample before = samples.get(s.stream());
            next.put(s.stream(), now);
            if (before != null && nowMs > before.atMs && now.frames >= before.frames && now.bytes >= before.bytes) {
                double seconds = (nowMs - before.atMs) / 1_000.0;
                measured.put(
                        s.stream(),
                        new Rate(
                                Math.round((now.bytes - before.bytes) * 8 / seconds),
                                Math.round((now.frames - before.frames) / seconds * 10) / 10.0));
            }
        }
        samples = next;
        rates = Map.copyOf(measured);
    }

    Rate rate(StreamId stream) {
        return rates.getOrDefault(stream, Rate.NONE);
    }
}
