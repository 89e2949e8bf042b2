// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AacDepacketizer;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.streamhub.StreamHubComponent;

/** From the socket's buffer into the real ring, audio between the packets of pictures: nothing is allocated. */
class IngestAllocTest {
    private static final int ROUNDS = 3;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 30;

    private final StreamHubComponent hub =
            new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
    private final IoLoop loop = new IoLoop("never started", Settings.DEFAULTS);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(4096);
    private final SenderClock videoClock = new SenderClock(90_000);
    private final SenderClock audioClock = new SenderClock(48_000);
    private int videoSequence;
    private int audioSequence;

    @Test
    void aHundredThousandAccessUnitsAllocateNothing() throws Exception {
        StreamId stream = StreamId.main(new UUID(3, 3));
        HubFeed feed = new HubFeed(loop, new WriterLease(hub, stream));
        videoClock.begins(0);
        audioClock.begins(0);
        AccessUnitSink pictures = feed.video(Clip.parameterSets(), 25, videoClock);
        AccessUnitSink sounds =
                feed.side(FormatSource.of(TrackFormats.aac(Clip.toneConfig(), 48_000)), 48_000, audioClock);
        TrackReceiver video = new TrackReceiver(
                loop, new H264Depacketizer(pictures, Clip.parameterSets(), false), 96, 90_000, videoClock);
        TrackReceiver audio =
                new TrackReceiver(loop, new AacDepacketizer(sounds, 13, 3, 3, 1024), 97, 48_000, audioClock);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        feed(video, audio, 0, 50_000);
        // What the just-in-time compiler allocates on this thread comes once; what the path allocates comes every time.
        long least = Long.MAX_VALUE;
        int rounds = 0;
        while (rounds < ROUNDS || least > 0 && rounds < ROUNDS_MAX) {
            rounds++;
            long before = threads.getCurrentThreadAllocatedBytes();
            feed(video, audio, rounds * 50_000, (rounds + 1) * 50_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(hub.statistics(stream).orElseThrow().accessUnits()).isEqualTo((rounds + 1) * 100_000L);
        assertThat(least).as("bytes for 100 000 access units").isZero();
    }

    private void feed(TrackReceiver video, TrackReceiver audio, int from, int to) {
        for (int n = from; n < to; n++) {
            long ticks = n * 3600L;
            if (n % 125 == 0) {
                videoClock.report(ticks, n * 40_000L);
                audioClock.report(n * 1920L, n * 40_000L);
            }
            put(96, videoSequence++, ticks, false);
            packet.put((byte) (n % 50 == 0 ? 0x65 : 0x41)).put((byte) 0x88);
            video.rtp(packet, 0, 1000);
            put(97, audioSequence++, n * 1920L, true);
            packet.putShort((short) 16).putShort((short) (100 << 3));
            audio.rtp(packet, 0, 12 + 4 + 100);
            put(96, videoSequence++, ticks, true);
            packet.put((byte) (n % 50 == 0 ? 0x65 : 0x41)).put((byte) 0x08);
            video.rtp(packet, 0, 1000);
        }
    }

    private void put(int type, int sequence, long timestamp, boolean marker) {
        packet.clear();
        packet.put((byte) 0x80).put((byte) (type | (marker ? 0x80 : 0)));
        packet.putShort((short) sequence).putInt((int) timestamp).putInt(9);
    }
}
