// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the kernel is given at once comes as the datagrams that it was. Where there is no native part only the first one tells something. */
class UdpBurstsTest {
    private static final int EACH = 1_160;
    private static final int RECEIVE_MS = 10_000;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final byte[] noise = new byte[EACH];
    private final Random random = new Random(163);

    private Burst burst(int... lengths) {
        Burst burst = new Burst();
        burst.clear();
        for (int length : lengths) {
            random.nextBytes(noise);
            burst.add(noise, length);
        }
        return burst;
    }

    private static int[] alike(int count, int last) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, EACH);
        lengths[count - 1] = last;
        return lengths;
    }

    private static DatagramChannel bound() throws Exception {
        return DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(HERE, 0));
    }

    private static DatagramSocket player() throws Exception {
        DatagramSocket player = new DatagramSocket(0, HERE);
        player.setSoTimeout(RECEIVE_MS);
        return player;
    }

    private static InetSocketAddress addressOf(DatagramSocket player) {
        return new InetSocketAddress(HERE, player.getLocalPort());
    }

    private static void assertComes(DatagramSocket player, Burst burst, int from) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        for (int i = 0; i < burst.count(); i++) {
            packet.setLength(2_000);
            player.receive(packet);
            int at = i * burst.each();
            assertThat(Arrays.copyOf(packet.getData(), packet.getLength()))
                    .as("datagram %d of %d", i, burst.count())
                    .isEqualTo(Arrays.copyOfRange(burst.bytes(), at, Math.min(at + burst.each(), burst.length())));
            assertThat(packet.getPort())
                    .as("it comes from the port that was asked")
                    .isEqualTo(from);
        }
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void theyAreThereWhereverTheBuildMadeThem() throws Exception {
        boolean built = UdpBursts.class.getResource("/native/linux-x86_64/libnxvms-udp-bursts.so") != null;
        try (DatagramChannel channel = bound()) {
            // UDP_SEGMENT is in Linux since 4.18, and in every kernel that a supported distribution has.
            assertThat(UdpBursts.of(channel).map(bursts -> {
                        bursts.close();
                        return true;
                    }))
                    .isEqualTo(built ? Optional.of(true) : Optional.empty());
        }
    }

    @Test
    void datagramsComeInOrderAndWhole() throws Exception {
        try (DatagramChannel channel = bound();
                DatagramSocket player = player();
                UdpBursts bursts = UdpBursts.of(channel).orElse(null)) {
            if (bursts == null) {
                return;
            }
            int from = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            for (int[] lengths :
                    new int[][] {alike(2, EACH), alike(9, 17), alike(Burst.DATAGRAMS_MAX, 1), {40, 40, 3}, {7}}) {
                Burst burst = burst(lengths);
                assertThat(bursts.send(burst, addressOf(player))).isEqualTo(UdpBursts.SENT);
                assertComes(player, burst, from);
            }
        }
    }

    @Test
    void closedTheyTouchNoOtherFileAndKeepNothingOpen() throws Exception {
        try (DatagramChannel channel = bound();
                DatagramSocket player = player()) {
            UdpBursts bursts = UdpBursts.of(channel).orElse(null);
            if (bursts == null) {
                return;
            }
            bursts.close();
            bursts.close();
            assertThat(bursts.send(burst(100, 100), addressOf(player))).isEqualTo(UdpBursts.ONE_BY_ONE);
        }
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            try (DatagramChannel channel = bound()) {
                UdpBursts.of(channel).ifPresent(UdpBursts::close);
            }
        }
        assertThat(descriptors()).as("a hundred would be left").isLessThan(before + 50);
    }

    @Test
    void whatTheNetworkDoesNotTakeTogetherIsSentOneByOne() throws Exception {
        try (DatagramChannel channel = bound();
                UdpBursts bursts = UdpBursts.of(channel).orElse(null)) {
            if (bursts == null) {
                return;
            }
            // Another family than the socket's.
            assertThat(bursts.send(burst(100, 100), new InetSocketAddress("::1", 9)))
                    .isEqualTo(UdpBursts.ONE_BY_ONE);
            try (DatagramSocket player = player()) {
                Burst next = burst(100, 100);
                assertThat(bursts.send(next, addressOf(player)))
                        .as("that was of this peer, and others are still sent bursts")
                        .isEqualTo(UdpBursts.SENT);
                assertComes(player, next, ((InetSocketAddress) channel.getLocalAddress()).getPort());
            }
        }
    }
}
