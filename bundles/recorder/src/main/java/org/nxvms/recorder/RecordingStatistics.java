// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.recording.RecordingStatus;

/** How one stream's recording fares, over all recordings that follow each other. Written by the worker, read by anybody. */
final class RecordingStatistics {
    /** No footage yet. */
    static final long NEVER = Long.MIN_VALUE;

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final StreamId stream;
    private volatile Optional<Explanation> trouble = Optional.empty();
    private volatile Optional<Explanation> heldUp = Optional.empty();
    private volatile boolean missing;
    private volatile long lastWrittenUs = NEVER;
    private volatile long lastWriteNanos;
    private volatile long unitsWritten;
    private volatile long unitsLost;

    RecordingStatistics(StreamId stream) {
        this.stream = stream;
    }

    void written(int units, long endUs, long nowNanos) {
        unitsWritten += units;
        lastWrittenUs = endUs;
        lastWriteNanos = nowNanos;
        trouble = Optional.empty();
        heldUp = Optional.empty();
        missing = false;
    }

    void lost(long units) {
        unitsLost += units;
    }

    void trouble(Explanation why) {
        trouble = Optional.of(why);
    }

    /** Why nothing is written while nobody says yet that anything is missing. */
    void heldUp(Explanation why) {
        heldUp = Optional.of(why);
    }

    /** A gap was said. */
    void missing(Explanation why) {
        trouble = Optional.of(why);
        missing = true;
    }

    /** {@return whether a gap was said and nothing is written since} */
    boolean isMissing() {
        return missing;
    }

    /** {@return why nothing is written, as far as was said} */
    Optional<Explanation> known() {
        return trouble;
    }

    boolean hasTrouble() {
        return trouble.isPresent();
    }

    boolean isTrouble(GapCause cause) {
        return trouble.filter(why -> why.cause() == cause).isPresent();
    }

    /** {@return wall time up to which footage is written, or {@link #NEVER}} */
    long writtenUs() {
        return lastWrittenUs;
    }

    RecordingStatus status() {
        Optional<Explanation> why = trouble.or(() -> heldUp);
        long writtenUs = lastWrittenUs;
        boolean any = writtenUs != NEVER;
        boolean fresh = any && System.nanoTime() - lastWriteNanos < FRESH_NANOS;
        boolean recording = fresh && why.isEmpty();
        Optional<GapCause> cause = recording
                ? Optional.empty()
                : Optional.of(why.map(Explanation::cause).orElse(GapCause.STREAM_STALLED));
        String detail = recording
                ? ""
                : why.map(Explanation::detail)
                        .orElse(any ? "no footage was written for some seconds" : "waiting for the first key frame");
        return new RecordingStatus(
                stream,
                recording,
                cause,
                detail,
                any ? Optional.of(StreamRecording.instant(writtenUs)) : Optional.empty(),
                unitsWritten,
                unitsLost);
    }
}
