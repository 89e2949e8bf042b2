// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;
import org.nxvms.streamhub.StreamHubComponent;

/** Packets of a source in, what a reader of the real ring sees out. */
class HubFeedTest {
    private static final SourceTrack AAC =
            new SourceTrack("aac", false, 48_000, 0, 0, 0, 2, new byte[] {0x11, (byte) 0x90});

    private final StreamHubComponent hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class));
    private final StreamId stream = StreamId.main(new UUID(1, 2));
    private final WriterLease lease = new WriterLease(hub, stream);
    private final List<Failure> ends = new ArrayList<>();
    private final AtomicLong setUs = new AtomicLong();
    private final HubFeed feed =
            new HubFeed(lease.writer(), lease.runs(), ends::add, () -> System.currentTimeMillis() * 1000 + setUs.get());
    private final StreamReader reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    private final List<Clip.Packet> clip = Clip.packets();

    static <T> T defaults(Class<T> config) {
        return config.cast(Proxy.newProxyInstance(
                config.getClassLoader(), new Class<?>[] {config}, (p, method, a) -> method.getDefaultValue()));
    }

    private void picture(int index, int flags, long offset) {
        Clip.Packet packet = clip.get(index);
        feed.unit(0, flags, packet.pts() + offset, ByteBuffer.wrap(packet.annexB()));
    }

    private byte[] nextUnit() {
        assertThat(reader.poll()).isEqualTo(StreamReader.ACCESS_UNIT);
        byte[] bytes = new byte[reader.length()];
        reader.data().get(bytes);
        return bytes;
    }

    private int nextKey() {
        for (int i = 1; i < clip.size(); i++) {
            if (clip.get(i).key()) {
                return i;
            }
        }
        throw new AssertionError("the clip has one key frame only");
    }

    @Test
    void aRunBeginsAtTheFirstKeyFrameAndKeepsTheSourcesTimes() {
        feed.opened(List.of(Clip.track()));
        picture(1, 0, 0);
        for (int i = 0; i < 10; i++) {
            picture(i, 0, 0);
        }
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        assertThat(reader.format().tracks().get(0).width()).isEqualTo(64);
        long firstTimestamp = 0;
        long firstWall = 0;
        for (int i = 0; i < 10; i++) {
            assertThat(nextUnit()).isEqualTo(clip.get(i).stored(4));
            if (i == 0) {
                firstTimestamp = reader.timestamp();
                firstWall = reader.wallUs();
                assertThat(reader.key()).isTrue();
            }
            long ticks = clip.get(i).pts() - clip.get(0).pts();
            assertThat(reader.timestamp() - firstTimestamp).isEqualTo(ticks);
            assertThat(reader.wallUs() - firstWall).isEqualTo(ticks * 1_000_000 / 90_000);
        }
        assertThat(reader.poll()).isEqualTo(StreamReader.EMPTY);
    }

    @Test
    void whereTheSourceBeginsAnewARunDoesTooAndNothingIsMissingBetween() {
        long began = System.currentTimeMillis() * 1000;
        feed.opened(List.of(Clip.track()));
        picture(0, 0, 0);
        picture(0, SourceListener.DISCONTINUITY, -40_000_000);
        long passedUs = System.currentTimeMillis() * 1000 - began;
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        nextUnit();
        long wall = reader.wallUs();
        int next = reader.poll();
        if (next == StreamReader.RUN_END) {
            next = reader.poll();
        }
        assertThat(next).isEqualTo(StreamReader.RUN_START);
        nextUnit();
        assertThat(reader.wallUs()).isBetween(wall, wall + 2_000_000 + passedUs);
        assertThat(feed.runs()).isEqualTo(2);
    }

    @Test
    void aJumpOfTimeWithoutAnnouncementIsMendedUntilTheNextKeyFrame() {
        feed.opened(List.of(Clip.track()));
        picture(0, 0, 0);
        picture(1, 0, 0);
        long jump = 3600L * 90_000;
        picture(2, 0, jump);
        int key = nextKey();
        picture(key, 0, jump);
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        nextUnit();
        long wall = reader.wallUs();
        nextUnit();
        nextUnit();
        assertThat(reader.wallUs()).isBetween(wall - 1_000_000, wall + 5_000_000);
        assertThat(feed.runs()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600})
    void whenTheServersClockIsSetTheRunGoesOnByTheOldTimeAndTheNextBeginsByTheNew(long seconds) {
        feed.opened(List.of(Clip.track()));
        picture(0, 0, 0);
        setUs.set(seconds * 1_000_000);
        picture(1, 0, 0);
        picture(2, 0, 0);
        picture(nextKey(), 0, 0);
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        nextUnit();
        long wall = reader.wallUs();
        long timestamp = reader.timestamp();
        for (int i = 1; i <= 2; i++) {
            nextUnit();
            long ticks = clip.get(i).pts() - clip.get(0).pts();
            assertThat(reader.timestamp() - timestamp).isEqualTo(ticks);
            assertThat(reader.wallUs() - wall).isBetween(0L, 1_000_000L);
        }
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_END);
        assertThat(reader.gapCause()).isEqualTo(GapCause.CLOCK_JUMP);
        assertThat(reader.wallUs() - wall).isBetween(0L, 1_000_000L);
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        assertThat(reader.wallUs() - wall - setUs.get()).isBetween(0L, 10_000_000L);
        assertThat(feed.runs()).isEqualTo(2);
    }

    @Test
    void soundStaysInStepWithThePictures() {
        feed.opened(List.of(Clip.track(), AAC));
        picture(0, 0, 0);
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        assertThat(reader.format().tracks()).hasSize(2);
        nextUnit();
        long videoSeconds1000 = reader.timestamp() * 1000 / 90_000;
        long wall = reader.wallUs();
        long ticks = clip.get(0).pts() * 48_000 / 90_000 + 4_800;
        feed.unit(1, SourceListener.KEY, ticks, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(nextUnit()).isEqualTo(new byte[] {1, 2, 3});
        assertThat(reader.track()).isEqualTo(1);
        assertThat(reader.timestamp() * 1000 / 48_000 - videoSeconds1000).isEqualTo(100);
        assertThat(reader.wallUs() - wall).isBetween(99_900L, 100_100L);
    }

    @Test
    void aSourceThatCannotBeRecordedSaysSo() {
        feed.opened(List.of(new SourceTrack("vp9", true, 90_000, 640, 480, 25, 0, new byte[0])));
        assertThat(feed.refused()).isPresent();
        feed.ended(new SourceEnd(Kind.CLOSED, GapCause.UNKNOWN, "closed"));
        assertThat(ends).singleElement().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
            assertThat(failure.detail()).contains("vp9", "H.264");
        });
    }

    @Test
    void theEndOfASourceEndsTheRunWithItsCause() {
        feed.opened(List.of(Clip.track()));
        picture(0, 0, 0);
        feed.end(GapCause.WORKER_FAILED, "the media process hung");
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        nextUnit();
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_END);
        assertThat(reader.gapCause()).isEqualTo(GapCause.WORKER_FAILED);
        assertThat(reader.gapDetail()).isEqualTo("the media process hung");
    }

    @Test
    void fiftyThousandUnitsAllocateNothing() {
        feed.opened(List.of(Clip.track(), AAC));
        ByteBuffer key = ByteBuffer.wrap(clip.get(0).annexB());
        ByteBuffer other = ByteBuffer.wrap(clip.get(1).annexB());
        ByteBuffer sound = ByteBuffer.wrap(new byte[200]);
        send(key, other, sound, 0, 5_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // What the just-in-time compiler allocates on this thread comes once.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 4 || least >= 4096 && round < 40; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            int from = 5_000 + round * 25_000;
            send(key, other, sound, from, from + 25_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for 50 000 units").isLessThan(4096);
    }

    private void send(ByteBuffer key, ByteBuffer other, ByteBuffer sound, int from, int to) {
        for (int n = from; n < to; n++) {
            feed.unit(0, 0, n * 9L, n % 50 == 0 ? key.rewind() : other.rewind());
            feed.unit(1, 0, n * 9L * 48 / 90, sound.rewind());
        }
    }
}
