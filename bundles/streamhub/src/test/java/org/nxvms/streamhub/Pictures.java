// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;

/** Access units whose bytes can be recomputed from their number, so that any mix-up is seen. */
final class Pictures {
    static final StreamId STREAM = StreamId.main(new UUID(1, 2));
    static final StreamFormat FORMAT = new StreamFormat(
            List.of(new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, new byte[0])));
    static final StreamBudget SMALL = new StreamBudget(256 << 10, 64, 64 << 10);
    private static final long FRAME_US = 40_000;

    /** A hub whose rings stay as they were opened. */
    static RingHub hub(long bytesMax) {
        return new RingHub(new HubLimits(bytesMax, Long.MAX_VALUE, 14), thread(growth -> {}));
    }

    /** Of the machine's time; what is to be done later is not. */
    static HubThread thread(Executor executor) {
        return new HubThread() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void execute(Runnable task) {
                executor.execute(task);
            }

            @Override
            public void executeAfter(Runnable task, long ns) {}
        };
    }

    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 20);

    /** Commits picture {@code number} of {@code length} bytes; {@return commit's code}. */
    int commit(StreamWriter writer, long number, int length, boolean key) {
        writer.begin();
        scratch.clear();
        for (int i = 0; i < length; i++) {
            scratch.put((byte) expected(number, i));
        }
        scratch.flip();
        // Two appends, as packets arrive.
        int half = length / 2;
        scratch.limit(half);
        writer.append(scratch);
        scratch.limit(length);
        writer.append(scratch);
        return writer.commit(0, key ? StreamWriter.KEY : 0, number * 3600, number * FRAME_US);
    }

    static int expected(long number, int index) {
        return (int) (number * 31 + index * 7L) & 0xff;
    }

    /** {@return whether these are the bytes of picture {@code number}} */
    static boolean matches(ByteBuffer data, long number) {
        for (int i = 0; i < data.remaining(); i++) {
            if ((data.get(data.position() + i) & 0xff) != expected(number, i)) {
                return false;
            }
        }
        return true;
    }
}
