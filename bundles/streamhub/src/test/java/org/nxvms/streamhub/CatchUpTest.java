// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** A writer with much to bring at once, and a recorder that reads on a little later. */
class CatchUpTest {
    private final Pictures pictures = new Pictures();
    private final Deque<Runnable> hubThread = new ArrayDeque<>();

    /** As after the whole server stood still: the hub's thread and the recorder get their turn a little later. */
    @Test
    void aWriterThatCatchesUpAtOnceLosesNothingWhenItKeepsToTheRoomThereIs() {
        RingHub hub = new RingHub(new HubLimits(64 << 20, 16 << 20, 14), Pictures.thread(hubThread::add));
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        assertThat(writer.roomBytes()).as("nobody keeps").isEqualTo(Integer.MAX_VALUE);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.NEXT);
        recorder.keepUnread(0);
        int n = 0;
        for (; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
            drain(recorder);
        }
        assertThat(writer.roomBytes()).isBetween(500_000, Integer.MAX_VALUE);
        int waits = 0;
        for (int end = n + 20 * 25; n < end; waits++) {
            while (n < end && writer.roomBytes() >= 10_000) {
                pictures.commit(writer, n, 10_000, n % 10 == 0);
                n++;
            }
            assertThat(recorder.overtaken()).isFalse();
            if (waits % 3 == 2) {
                drain(recorder);
            } else {
                hubThreadWorks();
            }
        }
        assertThat(waits).as("it had to wait").isPositive();
        drain(recorder);
        assertThat(recorder.skipped()).isZero();
        assertThat(recorder.sequence()).isEqualTo(n - 1);
    }

    private void hubThreadWorks() {
        for (Runnable task = hubThread.poll(); task != null; task = hubThread.poll()) {
            task.run();
        }
    }

    private static void drain(StreamReader reader) {
        while (reader.poll() != EMPTY) {
            // Reads on.
        }
    }
}
