// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.LeftSession;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.nxvms.media.kit.rtsp.RtspUri;

/** Whose datagrams are taken, whatever the answer to SETUP says. */
class UnicastPathTest {
    private static final String CAMERA = "127.0.0.1";
    private static final String OTHER = "127.0.0.9";
    private static final int TYPE = 96;

    private final IoLoop loop = new IoLoop("test-loop", Settings.DEFAULTS);
    private final BlockingQueue<Integer> taken = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void stop() {
        loop.stop(2_000);
    }

    /** {@return whose packets are taken when the camera's answer claims this source} */
    private String heard(String claimed, List<String> addresses, Map<String, String> quirks) throws Exception {
        Target target = new Target(
                RtspUri.parse("rtsp://camera/live").uri(),
                addresses.stream().map(UnicastPathTest::address).toList(),
                Optional.empty(),
                Options.of(quirks));
        MediaPath.Owner owner = fault -> {
            throw new IllegalStateException(fault);
        };
        UnicastPath path = new UnicastPath(loop, address(CAMERA), target, owner, () -> Integer.MAX_VALUE);
        BlockingQueue<Integer> ports = new LinkedBlockingQueue<>();
        loop.execute(() -> ports.add(open(path, claimed)));
        int port = ports.poll(30, TimeUnit.SECONDS);
        try {
            // The last one's packet is the last to arrive: once it is there, all that would be taken were.
            String last = quirks.isEmpty() && !addresses.contains(OTHER) ? CAMERA : OTHER;
            String first = last.equals(CAMERA) ? OTHER : CAMERA;
            send(first, port, 100);
            send(last, port, 101);
            int number = taken.poll(30, TimeUnit.SECONDS);
            return number == 100 ? first : last;
        } finally {
            loop.execute(path::close);
        }
    }

    private int open(UnicastPath path, String claimed) {
        try {
            String asked = path.request(0);
            RtspTransport agreed = RtspTransport.parse(
                    "RTP/AVP;unicast;server_port=9-10" + (claimed.isEmpty() ? "" : ";source=" + claimed));
            TrackReceiver receiver = new TrackReceiver(loop, new Counting(), TYPE, 90_000, new SenderClock(90_000));
            assertThat(path.open(0, agreed, receiver)).isEmpty();
            return RtspTransport.parse(asked.replace("client_port", "server_port"))
                    .serverPorts()
                    .rtp();
        } catch (IOException notOpened) {
            throw new UncheckedIOException(notOpened);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void send(String sender, int port, int sequence) throws IOException {
        try (DatagramChannel socket = DatagramChannel.open().bind(new InetSocketAddress(sender, 0))) {
            ByteBuffer packet = ByteBuffer.allocate(20);
            packet.put(0, (byte) 0x80).put(1, (byte) TYPE).putShort(2, (short) sequence);
            socket.send(packet, new InetSocketAddress(CAMERA, port));
        }
    }

    @Test
    void packetsAreTakenFromTheCameraUnlessSomebodyChoseOtherwise() throws Exception {
        assertThat(heard("", List.of(CAMERA), Map.of())).isEqualTo(CAMERA);
        assertThat(heard(CAMERA, List.of(CAMERA), Map.of())).isEqualTo(CAMERA);
        assertThat(heard(OTHER, List.of(CAMERA), Map.of())).as("a claim").isEqualTo(CAMERA);
        assertThat(heard(OTHER, List.of(CAMERA, OTHER), Map.of()))
                .as("another address of the same host")
                .isEqualTo(OTHER);
        assertThat(heard(CAMERA, List.of(CAMERA), Map.of(StreamEndpoint.UDP_SOURCE, OTHER)))
                .as("chosen")
                .isEqualTo(OTHER);
    }

    /** A session that is gone on with hears whom it heard before, whatever its camera's name is known to be by now. */
    @Test
    void theSenderThatWasChosenBeforeAnExchangeStaysTheSender() throws Exception {
        Target target = new Target(
                RtspUri.parse("rtsp://camera/live").uri(),
                List.of(address(CAMERA)),
                Optional.empty(),
                Options.of(Map.of()));
        MediaPath.Owner owner = fault -> {
            throw new IllegalStateException(fault);
        };
        UnicastPath path = new UnicastPath(loop, address(CAMERA), target, owner, () -> Integer.MAX_VALUE);
        DatagramChannel rtp = DatagramChannel.open().bind(new InetSocketAddress(CAMERA, 0));
        DatagramChannel rtcp = DatagramChannel.open().bind(new InetSocketAddress(CAMERA, 0));
        int port = ((InetSocketAddress) rtp.getLocalAddress()).getPort();
        List<LeftSession.Port> left = List.of(
                new LeftSession.Port(rtp, Optional.of(address(OTHER))),
                new LeftSession.Port(rtcp, Optional.of(address(OTHER))));
        BlockingQueue<Boolean> opened = new LinkedBlockingQueue<>();
        loop.execute(() -> opened.add(goneOn(path, left)));
        assertThat(opened.poll(30, TimeUnit.SECONDS)).isTrue();
        try {
            send(CAMERA, port, 100);
            send(OTHER, port, 101);
            assertThat(taken.poll(30, TimeUnit.SECONDS)).isEqualTo(101);
        } finally {
            loop.execute(path::close);
        }
    }

    private boolean goneOn(UnicastPath path, List<LeftSession.Port> left) {
        try {
            path.goOn(left.iterator());
            TrackReceiver receiver = new TrackReceiver(loop, new Counting(), TYPE, 90_000, new SenderClock(90_000));
            return path.open(0, RtspTransport.parse("RTP/AVP;unicast;server_port=9-10;source=" + OTHER), receiver)
                    .isEmpty();
        } catch (IOException notOpened) {
            throw new UncheckedIOException(notOpened);
        }
    }

    /** Says which packets came as far as this. */
    private final class Counting implements Depacketizer {
        @Override
        public void accept(ByteBuffer in, RtpHeader packet, int lost) {
            taken.add(packet.sequence());
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
