// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.plugin.SwapReceipt.Frames;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** The counters that hub and recorder keep anyway, looked at around an operation. */
public final class FrameCounts {
    private final Supplier<StreamHub> hub;
    private final Supplier<Recorder> recorder;

    /** Either gives null while its service is away; nothing is counted then. */
    public FrameCounts(Supplier<StreamHub> hub, Supplier<Recorder> recorder) {
        this.hub = hub;
        this.recorder = recorder;
    }

    /** The counters at one moment. */
    public record Sample(long nanos, Map<StreamId, Long> pictures, Map<StreamId, Long> lost) {
        /** {@return milliseconds from this moment to a later one} */
        public long msUntil(Sample later) {
            return (later.nanos - nanos) / 1_000_000;
        }
    }

    public Sample now() {
        Map<StreamId, Long> pictures = new HashMap<>();
        StreamHub streams = hub.get();
        for (StreamStatistics one : streams == null ? List.<StreamStatistics>of() : streams.statistics()) {
            // What is encoded anew ends with who watches it.
            if (!one.stream().rendition()) {
                pictures.put(one.stream(), one.pictures());
            }
        }
        Map<StreamId, Long> lost = new HashMap<>();
        Recorder writing = recorder.get();
        for (RecordingStatus one : writing == null ? List.<RecordingStatus>of() : writing.statuses()) {
            lost.put(one.stream(), one.accessUnitsLost());
        }
        return new Sample(System.nanoTime(), pictures, lost);
    }

    /** {@return what arrived between four moments, for each stream of the first} */
    public static List<Frames> between(Sample first, Sample begin, Sample end, Sample last) {
        List<Frames> frames = new ArrayList<>();
        List<Sample> samples = List.of(first, begin, end, last);
        first.pictures().keySet().forEach(stream -> frames.add(frames(stream, samples)));
        frames.sort(java.util.Comparator.comparing(one -> one.stream().toString()));
        return frames;
    }

    private static Frames frames(StreamId stream, List<Sample> samples) {
        long[] counted = new long[samples.size() - 1];
        boolean whole = true;
        for (int i = 0; i < counted.length && whole; i++) {
            long before = samples.get(i).pictures().getOrDefault(stream, Long.MAX_VALUE);
            long after = samples.get(i + 1).pictures().getOrDefault(stream, -1L);
            whole = after >= before;
            counted[i] = whole ? after - before : 0;
        }
        long lostFirst = samples.get(0).lost().getOrDefault(stream, 0L);
        long lostLast = samples.get(samples.size() - 1).lost().getOrDefault(stream, 0L);
        whole &= lostLast >= lostFirst;
        return new Frames(stream, counted[0], counted[1], counted[2], Math.max(lostLast - lostFirst, 0), whole);
    }
}
