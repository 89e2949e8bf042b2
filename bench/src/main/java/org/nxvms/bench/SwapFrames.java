// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the files hold of each camera before, during and after the exchanges, and where frames are missing. */
final class SwapFrames {
    /** Enough to see a pattern. */
    private static final int BREAKS_MAX = 40;

    private static final long FRAME_US = 40_000;

    /** An exchange, from the order to the moment all was there again. */
    record Window(Instant from, Instant to) {
        private boolean holds(Instant at) {
            return !at.isBefore(from) && !at.isAfter(to);
        }
    }

    private final Map<Path, List<FrameNumbers.Frame>> byStream;
    private final List<Window> exchanges;

    SwapFrames(Map<Path, List<FrameNumbers.Frame>> byStream, List<Window> exchanges) {
        this.byStream = byStream;
        this.exchanges = List.copyOf(exchanges);
    }

    FrameNumbers.Count count() {
        return FrameNumbers.of(byStream.values());
    }

    /** {@return frames before the first exchange, from its begin to the end of the last, after that, and missing ones} */
    Map<String, List<Long>> byCamera() {
        long from = micros(exchanges.get(0).from());
        long to = micros(exchanges.get(exchanges.size() - 1).to());
        Map<String, List<Long>> cameras = new TreeMap<>();
        byStream.forEach((stream, frames) -> {
            long before = frames.stream().filter(f -> f.wallUs() < from).count();
            long after = frames.stream().filter(f -> f.wallUs() > to).count();
            cameras.put(
                    stream.getName(0).toString(),
                    List.of(
                            before,
                            frames.size() - before - after,
                            after,
                            FrameNumbers.of(List.of(frames)).lost()));
        });
        return cameras;
    }

    /** {@return frames that a camera sent before the first that is in its files: footage that was removed, or never written} */
    long missingAtTheBegin() {
        return byStream.values().stream()
                .filter(frames -> !frames.isEmpty())
                .mapToLong(frames -> frames.get(0).number())
                .sum();
    }

    /** {@return the places where frames are missing or repeated, or a session began anew} */
    List<Map<String, Object>> breaks() {
        List<Map<String, Object>> breaks = new ArrayList<>();
        byStream.forEach((stream, frames) -> {
            for (int i = 1; i < frames.size() && breaks.size() < BREAKS_MAX; i++) {
                FrameNumbers.Frame before = frames.get(i - 1);
                FrameNumbers.Frame after = frames.get(i);
                if (after.number() != before.number() + 1) {
                    breaks.add(described(stream, before, after));
                }
            }
        });
        return breaks;
    }

    private Map<String, Object> described(Path stream, FrameNumbers.Frame before, FrameNumbers.Frame after) {
        Instant at = Instant.EPOCH.plusNanos(before.wallUs() * 1000);
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("camera", stream.getName(0).toString());
        one.put("at", at.toString());
        if (after.number() > before.number()) {
            one.put("frames", after.number() - before.number() - 1);
        } else if (after.repeats(before)) {
            one.put("repeated", before.number() + 1 - after.number());
        } else {
            one.put("session", "began anew");
        }
        one.put("ms", (after.wallUs() - before.wallUs() - FRAME_US) / 1000);
        exchangeAt(at).ifPresent(n -> one.put("exchange", n));
        return one;
    }

    private Optional<Integer> exchangeAt(Instant at) {
        for (int n = 0; n < exchanges.size(); n++) {
            if (exchanges.get(n).holds(at)) {
                return Optional.of(n + 1);
            }
        }
        return Optional.empty();
    }

    /** {@return the longest time without a frame where numbers do not go on} */
    long longestBreakMs() {
        long longest = 0;
        for (List<FrameNumbers.Frame> frames : byStream.values()) {
            for (int i = 1; i < frames.size(); i++) {
                if (frames.get(i).number() != frames.get(i - 1).number() + 1) {
                    longest = Math.max(
                            longest, frames.get(i).wallUs() - frames.get(i - 1).wallUs() - FRAME_US);
                }
            }
        }
        return longest / 1000;
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
    }
}
