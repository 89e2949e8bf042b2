// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.streamhub.HeldSessions;
import org.nxvms.streamhub.StreamHubComponent;

/** The engine's own thread, from a real socket to the ring, timers and keep-alive included, while a camera sends all it can. */
class IngestLoopAllocTest {
    private static final int WINDOWS = 4;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int WINDOWS_MAX = 30;

    private static final long CLIP_TICKS = 10 * 90_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NS = 1_000_000;
    /** As long as some rounds of the timers and two keep-alives, so that what they allocate is seen. */
    private static final long WINDOW_MS = 1_200;

    private final StreamHubComponent hub =
            new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
    private final StreamId stream = StreamId.main(new UUID(4, 4));

    @Test
    void aCameraThatSendsAllTheTimeCostsNoAllocation() throws Exception {
        RtspIngest ingest =
                new RtspIngest(hub, new HeldSessions(hub), IngestTest.defaults(RtspIngest.Config.class, Map.of()));
        FakeCamera.Manners tireless = new FakeCamera.Manners() {
            @Override
            int sessionTimeoutS() {
                return 1;
            }

            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                for (long round = 0; ; round++) {
                    camera.sendClip(out, round * CLIP_TICKS);
                }
            }
        };
        try (FakeCamera camera = new FakeCamera(tireless)) {
            ingest.ensure(stream, IngestTest.endpoint(camera.url()));
            awaitUnits(100_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long loop = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("nxvms-io-rtsp-0"))
                    .findFirst()
                    .orElseThrow()
                    .getId();
            // What the just-in-time compiler allocates on this thread comes once.
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS || least > 0 && window < WINDOWS_MAX; window++) {
                long before = threads.getThreadAllocatedBytes(loop);
                awaitWindow(camera);
                least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
            }
            assertThat(least).as("bytes in " + WINDOW_MS + " ms").isZero();
        } finally {
            ingest.close();
        }
    }

    /** Until all that is to be seen has been done, however late: units taken, and the session kept alive. */
    private void awaitWindow(FakeCamera camera) {
        long units = units();
        long keptAlive = camera.count("GET_PARAMETER");
        Instant begin = Instant.now();
        while (Instant.now().isBefore(begin.plusMillis(WINDOW_MS))
                || units() == units
                || camera.count("GET_PARAMETER") == keptAlive) {
            assertThat(Instant.now()).as("no units, or not kept alive").isBefore(begin.plus(PATIENCE));
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private long units() {
        return hub.statistics(stream)
                .map(statistics -> statistics.accessUnits())
                .orElse(0L);
    }

    private void awaitUnits(long count) {
        Instant end = Instant.now().plus(PATIENCE);
        while (units() < count) {
            assertThat(Instant.now()).as("access units so far: %d", units()).isBefore(end);
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
