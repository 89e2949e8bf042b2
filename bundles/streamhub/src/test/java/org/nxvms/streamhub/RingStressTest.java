// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** One writer as fast as it can, readers that cannot keep up: what they call intact is intact. */
class RingStressTest {
    private static final int PICTURES = 60_000;

    @Test
    void whatAReaderCallsIntactIsIntact() throws Exception {
        stress(Pictures.hub(64L << 20), false);
    }

    /** Rings come and go all the time, and their memory serves again at once. */
    @Test
    void soItIsWhileRingsAreExtendedAndTakenBack() throws Exception {
        ExecutorService hubThread = Executors.newSingleThreadExecutor();
        try {
            stress(new RingHub(new HubLimits(4 << 20, 2 << 20, 14), Pictures.thread(hubThread)), true);
        } finally {
            hubThread.shutdownNow();
        }
    }

    private static void stress(RingHub hub, boolean keeping) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        StreamWriter writer = hub.openWriter(Pictures.STREAM, Pictures.SMALL);
        writer.startRun(Pictures.FORMAT, 0, ClockSource.ARRIVAL);
        // They are there from the first picture on, whenever their threads begin.
        StreamReader keeper = hub.openReader(Pictures.STREAM, "fast", ReaderStart.NEXT);
        if (keeping) {
            keeper.keepUnread(0);
        }
        Future<long[]> fast = readers.submit(reading(keeper, done));
        Future<long[]> other =
                readers.submit(reading(hub.openReader(Pictures.STREAM, "other", ReaderStart.NEXT), done));
        write(writer);
        done.set(true);
        readers.shutdown();
        assertThat(readers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        for (long[] counted : new long[][] {fast.get(), other.get()}) {
            assertThat(counted[1]).as("pictures called intact that were not").isZero();
            assertThat(counted[0]).as("pictures read").isPositive();
        }
    }

    private static void write(StreamWriter writer) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(16 << 10);
        for (int n = 0; n < PICTURES; n++) {
            int length = 1000 + n * 37 % 12_000;
            bytes.clear().limit(length);
            for (int i = 0; i + 8 <= length; i += 8) {
                bytes.putLong(i, n);
            }
            writer.begin();
            writer.append(bytes);
            writer.commit(0, n % 20 == 0 ? StreamWriter.KEY : 0, n, n);
        }
    }

    /** {@return pictures read, pictures wrongly called intact} */
    private static Callable<long[]> reading(StreamReader reader, AtomicBoolean done) {
        return () -> {
            long[] counted = new long[2];
            while (true) {
                boolean last = done.get();
                int result = reader.poll();
                if (result == StreamReader.EMPTY && last) {
                    return counted;
                }
                if (result == StreamReader.ACCESS_UNIT) {
                    boolean same = uniform(reader.data(), reader.timestamp());
                    if (reader.intact()) {
                        counted[0]++;
                        counted[1] += same ? 0 : 1;
                    }
                }
            }
        };
    }

    private static boolean uniform(ByteBuffer data, long number) {
        for (int at = data.position(); at + 8 <= data.limit(); at += 8) {
            if (data.getLong(at) != number) {
                return false;
            }
        }
        return true;
    }
}
