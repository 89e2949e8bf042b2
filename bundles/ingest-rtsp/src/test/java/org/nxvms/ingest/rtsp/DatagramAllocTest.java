// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.streamhub.StreamHubComponent;

/** From a UDP socket through the reordering window into the real ring, every third packet mixed up: nothing is allocated. */
class DatagramAllocTest {
    private static final int ROUNDS = 4;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 40;

    private static final int PICTURES = 20_000;
    private static final int PACKETS = 3;
    private static final int PACKET_BYTES = 600;

    private final StreamHubComponent hub =
            new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
    private final IoLoop loop = new IoLoop("never started", Settings.DEFAULTS);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_BYTES);
    private int sequence;

    @Test
    void picturesOverUdpAllocateNothing() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        StreamId stream = StreamId.main(new UUID(3, 4));
        HubFeed feed = new HubFeed(loop, new WriterLease(hub, stream));
        SenderClock sender = new SenderClock(90_000);
        AccessUnitSink pictures = feed.video(Clip.parameterSets(), 25, sender);
        TrackReceiver receiver = new TrackReceiver(
                loop, new H264Depacketizer(pictures, Clip.parameterSets(), false), 96, 90_000, sender);
        DatagramChannel[] pair = {
            DatagramChannel.open().bind(new InetSocketAddress(here, 0)),
            DatagramChannel.open().bind(new InetSocketAddress(here, 0))
        };
        TrackPorts ports = new TrackPorts(loop, pair, fault -> {
            throw new IllegalStateException(fault);
        });
        ports.deliver(receiver, Optional.of(here));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DatagramChannel camera = DatagramChannel.open()) {
            camera.connect(new InetSocketAddress(here, ports.rtp().port()));
            long least = Long.MAX_VALUE;
            int rounds = 0;
            for (; rounds < ROUNDS || least > 0 && rounds < ROUNDS_MAX; rounds++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int n = 0; n < PICTURES; n++) {
                    picture(camera, rounds * PICTURES + n);
                    ports.rtp().ready();
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(hub.statistics(stream).orElseThrow().pictures()).isEqualTo((long) rounds * PICTURES);
            assertThat(receiver.packetsLost()).isZero();
            assertThat(least).as("bytes for %d pictures", PICTURES).isZero();
        } finally {
            ports.close();
        }
    }

    /** Three slices, the second before the first. */
    private void picture(DatagramChannel camera, int number) throws Exception {
        for (int i = 0; i < PACKETS; i++) {
            int place = number == 0 || i == 2 ? i : 1 - i;
            packet.clear();
            packet.put((byte) 0x80).put((byte) (96 | (place == PACKETS - 1 ? 0x80 : 0)));
            packet.putShort((short) (sequence + place)).putInt(number * 3600).putInt(9);
            packet.put((byte) (number % 50 == 0 ? 0x65 : 0x41)).put((byte) (place == 0 ? 0x88 : 0x08));
            packet.position(0);
            camera.write(packet);
        }
        sequence += PACKETS;
    }
}
