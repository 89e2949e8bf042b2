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
            pictures.put(one.stream(), one.pictures());
        }
        Map<StreamId, Long> lost = new HashMap<>();
        Recorder writing = recorder.get();
        for (RecordingStatus one : writing == null ? List.<RecordingStatus>of() : writing.statuses()) {
            lost.put(one.stream(), one.accessUnitsLost());
        }
        return new Sample(System.nanoTime(), pictures, lost);
    }

    /** {@return what arrived between four moments, by stream; of streams that are in all of them} */
    public static List<Frames> between(Sample first, Sample begin, Sample end, Sample last) {
        List<Frames> frames = new ArrayList<>();
        first.pictures().forEach((stream, atFirst) -> {
            Long atBegin = begin.pictures().get(stream);
            Long atEnd = end.pictures().get(stream);
            Long atLast = last.pictures().get(stream);
            if (atBegin != null && atEnd != null && atLast != null) {
                long lost = last.lost().getOrDefault(stream, 0L) - first.lost().getOrDefault(stream, 0L);
                frames.add(new Frames(stream, atBegin - atFirst, atEnd - atBegin, atLast - atEnd, Math.max(lost, 0)));
            }
        });
        frames.sort(java.util.Comparator.comparing(one -> one.stream().toString()));
        return frames;
    }
}
