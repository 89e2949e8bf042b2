// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingOrder.OnDemand;

/** A camera of 25 frames a second, the real hub, a recording and an archive in memory; the test is the clock. */
abstract class RecordingScene {
    static final RecordingOrder ALWAYS = new RecordingOrder(30);
    static final Explanation OFF = new Explanation(GapCause.NOT_SCHEDULED, "The camera is switched off.");
    static final int PRE_SECONDS = 5;
    static final RecordingOrder WAITING =
            new RecordingOrder(FootageTerms.days(30), Optional.of(OnDemand.waiting(PRE_SECONDS, GapCause.NO_EVENT)));

    final StreamHub hub = Hubs.hub();
    final FakeSink sink = new FakeSink();
    TestCamera camera = new TestCamera(hub, 400);
    /** Where the recording gets its cursors. */
    ReaderSource readers = ReaderSource.of(hub);
    /** What ingest knows of a silence. */
    Optional<Explanation> ingest = Optional.empty();

    long now = System.nanoTime();
    StreamRecording recording;

    RecordingScene() {
        this(ALWAYS);
    }

    RecordingScene(RecordingOrder order) {
        recording = recorder(order);
    }

    /** {@return what recordings write to; what comes of it is in {@link #sink}} */
    FootageSink archive() {
        return sink;
    }

    final StreamRecording recorder() {
        return recorder(ALWAYS);
    }

    final StreamRecording recorder(RecordingOrder order) {
        StreamRecording fresh = new StreamRecording(
                camera.stream,
                order,
                new Surroundings(archive(), readers, stream -> ingest, () -> camera.wallUs(camera.next)));
        fresh.volume("main");
        return fresh;
    }

    /** An event at one frame whose post-buffer ends at another. */
    final RecordingOrder event(int frame, int untilFrame) {
        long fromUs = camera.wallUs(frame) - PRE_SECONDS * 1_000_000L;
        return new RecordingOrder(
                FootageTerms.days(30),
                Optional.of(new OnDemand(PRE_SECONDS, fromUs, camera.wallUs(untilFrame), GapCause.NO_EVENT)));
    }

    /** Lets the recorder do all it can. */
    final void work() {
        do {
            now += TimeUnit.MILLISECONDS.toNanos(20);
        } while (recording.step(now));
    }

    final void framesOneByOne(int count) {
        framesTo(camera.next + count);
    }

    /** Frames up to, not including, this number. */
    final void framesTo(int end) {
        while (camera.next < end) {
            camera.frame();
            now += TimeUnit.MILLISECONDS.toNanos(40);
            work();
        }
    }

    final void later(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        work();
    }

    final void refuse(GapCause cause) {
        sink.refusal = Optional.of(new FootageSink.RefusedException(cause, "not now"));
    }

    final List<GapCause> causes() {
        return sink.gaps.stream().map(FakeSink.Missing::cause).toList();
    }

    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
