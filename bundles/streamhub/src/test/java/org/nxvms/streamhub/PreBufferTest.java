// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.media.StreamReader.ACCESS_UNIT;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.media.StreamReader.LAPPED;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** A recorder that waits for an event follows the writer at a distance, and the ring settles down to that. */
class PreBufferTest {
    private static final int PICTURES_PER_SECOND = 25;
    private static final int PICTURE_BYTES = 10_000;
    private static final long SECOND_BYTES = (long) PICTURES_PER_SECOND * PICTURE_BYTES;

    private static final StreamBudget FIVE_SECONDS = new StreamBudget(1280 << 10, 1024, 64 << 10);

    private final Pictures pictures = new Pictures();
    private final Deque<Runnable> hubThread = new ArrayDeque<>();
    private int next;
    private int requests;

    private RingHub hub(int streamMiB) {
        return new RingHub(new HubLimits(512L << 20, (long) streamMiB << 20, 14), Pictures.thread(hubThread::add));
    }

    private static StreamWriter writer(RingHub hub) {
        StreamWriter writer = hub.openWriter(STREAM, FIVE_SECONDS);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        return writer;
    }

    private static long memory(RingHub hub) {
        return hub.statistics(STREAM).orElseThrow().ringBytes();
    }

    private void seconds(int count, StreamWriter writer, int pictureBytes) {
        for (int end = next + count * PICTURES_PER_SECOND; next < end; next++) {
            pictures.commit(writer, next, pictureBytes, next % 50 == 0);
            for (Runnable task = hubThread.poll(); task != null; task = hubThread.poll()) {
                requests++;
                task.run();
            }
        }
    }

    /** Reads on up to a distance from the writer; {@return whether nothing was missed} */
    private boolean follow(StreamReader recorder, int distance) {
        while (next - recorder.sequence() > distance * PICTURES_PER_SECOND) {
            int entry = recorder.poll();
            if (entry == LAPPED || entry == EMPTY) {
                return false;
            }
            assertThat(entry != ACCESS_UNIT || Pictures.matches(recorder.data(), recorder.sequence()))
                    .isTrue();
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9, 20, 64})
    void whoWaitsAtADistanceIsGivenOneRingThatHoldsItAndThenAsksForNoMore(int kept) {
        RingHub hub = hub(64);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(kept);
        for (int second = 0; second < 3 * kept + 30; second++) {
            seconds(1, writer, PICTURE_BYTES);
            assertThat(follow(recorder, kept)).as("second %d", second).isTrue();
        }
        long settled = memory(hub);
        int asked = requests;
        assertThat(settled).isBetween(kept * SECOND_BYTES, (kept * 5 / 4 + 7) * SECOND_BYTES);

        for (int second = 0; second < 2 * kept + 60; second++) {
            seconds(1, writer, PICTURE_BYTES);
            assertThat(follow(recorder, kept)).isTrue();
            assertThat(memory(hub)).isEqualTo(settled);
        }
        assertThat(requests).as("the hub is left alone").isEqualTo(asked);
    }

    @Test
    void whoWaitsAndThenStallsLosesNothingForTheSecondsPromised() {
        RingHub hub = hub(64);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(9);
        for (int second = 0; second < 60; second++) {
            seconds(1, writer, PICTURE_BYTES);
            assertThat(follow(recorder, 9)).isTrue();
        }
        seconds(14, writer, PICTURE_BYTES);
        assertThat(follow(recorder, 1)).as("9 s and 14 s later").isTrue();

        seconds(20, writer, PICTURE_BYTES);
        follow(recorder, 1);
        seconds(40, writer, PICTURE_BYTES);
        assertThat(memory(hub)).as("bounded").isLessThan(70 * SECOND_BYTES);
    }

    @Test
    void aStreamThatBecomesTwiceAsLargeGrowsItsRingAgain() {
        RingHub hub = hub(64);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(9);
        for (int second = 0; second < 120; second++) {
            seconds(1, writer, second < 40 ? PICTURE_BYTES : 2 * PICTURE_BYTES);
            assertThat(follow(recorder, 9)).as("second %d", second).isTrue();
        }
        assertThat(memory(hub)).isBetween(2 * 9 * SECOND_BYTES, 2 * 18 * SECOND_BYTES);
    }

    @Test
    void whatOneStreamMayHaveIsTheEndOfIt() {
        RingHub hub = hub(4);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(60);
        for (int second = 0; second < 200; second++) {
            seconds(1, writer, PICTURE_BYTES);
            follow(recorder, 60);
            assertThat(memory(hub))
                    .as("what one stream may have, and the ring it replaced while that is read")
                    .isLessThanOrEqualTo(8L << 20);
        }
        while (recorder.poll() != EMPTY) {
            // Reads on.
        }
        assertThat(recorder.sequence()).isEqualTo(next - 1L);
    }
}
