// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** Readers and writers of a stream come and go at the same moments. */
class MeetingTest {
    private static final int MEETINGS = 20_000;

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final Pictures pictures = new Pictures();
    private final RingHub hub = Pictures.hub(64L << 20);
    private volatile boolean over;
    private volatile long written = -1;

    @AfterEach
    void end() {
        over = true;
        other.shutdownNow();
    }

    /** Writers come, write a group and go, one after the other. */
    private void writers() {
        for (long n = 0; !over; n += 3) {
            try (StreamWriter writer = hub.openWriter(STREAM, SMALL)) {
                writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
                pictures.commit(writer, n, 10, true);
                pictures.commit(writer, n + 1, 10, false);
                pictures.commit(writer, n + 2, 10, false);
            }
            written = n;
        }
    }

    @Test
    void whoComesWhenAWriterGoesIsGivenWhatTheNextOneWrites() throws Exception {
        Future<?> writing = other.submit(this::writers);
        for (int i = 0; i < MEETINGS; i++) {
            try (StreamReader reader = hub.openReader(STREAM, "test", ReaderStart.NEWEST_KEY)) {
                long next = written + 6;
                while (written < next && !writing.isDone()) {
                    Thread.yield();
                }
                if (writing.isDone()) {
                    // Says why.
                    writing.get();
                }
                assertThat(newest(reader)).as("what reader %s is given", i).isGreaterThanOrEqualTo(next);
            }
        }
        over = true;
        writing.get();
    }

    /** {@return the number of the newest picture, -1 when there is none}; the first one must be a key frame */
    private static long newest(StreamReader reader) {
        long newest = -1;
        while (true) {
            int entry = reader.poll();
            if (entry == StreamReader.EMPTY) {
                return newest;
            }
            if (entry == StreamReader.ACCESS_UNIT) {
                assertThat(newest >= 0 || reader.key())
                        .as("begins with a key frame")
                        .isTrue();
                newest = reader.timestamp() / 3600;
            }
        }
    }
}
