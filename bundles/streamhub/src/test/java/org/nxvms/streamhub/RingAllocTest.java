// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** The hot path allocates nothing. */
class RingAllocTest {
    private static final int ROUNDS = 3;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 30;

    private final ReaderBell bell = new ReaderBell();

    @Test
    void writingAndReadingAHundredThousandAccessUnitsAllocatesNothing() {
        RingHub hub = Pictures.hub(64L << 20);
        StreamWriter writer = hub.openWriter(Pictures.STREAM, Pictures.SMALL);
        writer.startRun(Pictures.FORMAT, 0, ClockSource.ARRIVAL);
        StreamReader reader = hub.openReader(Pictures.STREAM, "test", ReaderStart.NEXT);
        reader.ringAt(bell, false);
        ByteBuffer packet = ByteBuffer.allocateDirect(1400);
        long seen = pump(writer, reader, packet, 100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // What the just-in-time compiler allocates on this thread comes once; what the ring allocates comes every time.
        long least = Long.MAX_VALUE;
        int rounds = 0;
        for (; rounds < ROUNDS || least > 0 && rounds < ROUNDS_MAX; rounds++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            seen += pump(writer, reader, packet, 100_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(seen).isEqualTo((1 + rounds) * 100_000L);
        assertThat(least).as("bytes over 100 000 access units").isZero();
    }

    private long pump(StreamWriter writer, StreamReader reader, ByteBuffer packet, int count) {
        long seen = 0;
        for (int n = 0; n < count; n++) {
            writer.begin();
            writer.appendInt(0);
            for (int p = 0; p < 4; p++) {
                packet.clear();
                writer.append(packet);
            }
            writer.putInt(0, writer.position() - 4);
            bell.heard();
            writer.commit(0, n % 50 == 0 ? StreamWriter.KEY : 0, n * 3600L, n * 40_000L);
            int result = reader.poll();
            while (result != StreamReader.EMPTY) {
                if (result == StreamReader.ACCESS_UNIT) {
                    seen++;
                    reader.data();
                    reader.intact();
                }
                result = reader.poll();
            }
        }
        return seen;
    }
}
