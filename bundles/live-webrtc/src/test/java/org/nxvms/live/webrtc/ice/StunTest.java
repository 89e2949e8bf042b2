// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The messages of RFC 5769, and what strangers send. */
class StunTest {
    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
    /** RFC 5769 2.1. */
    private static final byte[] REQUEST = HexFormat.of()
            .parseHex("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
                    + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
                    + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    private static Stun.Request request(byte[] message) {
        return Stun.request(ByteBuffer.wrap(message)).orElseThrow();
    }

    @Test
    void readsTheRequestOfTheStandard() {
        Stun.Request request = request(REQUEST);
        assertThat(request.user()).isEqualTo("evtj");
        assertThat(request.nominates()).isFalse();
        assertThat(request.isSignedWith(PASSWORD)).isTrue();
        assertThat(request.isSignedWith(PASSWORD + "x")).isFalse();
    }

    @Test
    void answersWithTheAddressAsTheResponseOfTheStandardTellsIt() {
        // RFC 5769 2.2 has a SOFTWARE attribute before; the mapped address is the same.
        ByteBuffer answer = Stun.success(request(REQUEST), new InetSocketAddress("192.0.2.1", 32_853), PASSWORD);
        byte[] bytes = answer.array();
        assertThat(answer.getShort(0)).isEqualTo((short) 0x0101);
        assertThat(HexFormat.of().formatHex(bytes, 4, 20)).isEqualTo("2112a442b7e7a701bc34d686fa87dfae");
        assertThat(HexFormat.of().formatHex(bytes, 20, 32)).isEqualTo("002000080001a147e112a643");
        assertThat((int) answer.getShort(2)).isEqualTo(bytes.length - 20);
    }

    @Test
    void theAnswerToAnIpv6PeerIsThatOfTheStandard() {
        // RFC 5769 2.3: XOR-MAPPED-ADDRESS of 2001:db8:1234:5678:11:2233:4455:6677, port 32853.
        ByteBuffer answer = Stun.success(
                request(REQUEST), new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32_853), PASSWORD);
        assertThat(HexFormat.of().formatHex(answer.array(), 20, 44))
                .isEqualTo("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
    }

    @Test
    void whatIsAlteredIsNotSignedOrNotRead() {
        for (int at = 0; at < REQUEST.length; at++) {
            byte[] altered = REQUEST.clone();
            altered[at] ^= 0x10;
            boolean believed = Stun.request(ByteBuffer.wrap(altered))
                    .filter(request -> request.isSignedWith(PASSWORD))
                    .isPresent();
            assertThat(believed).as("byte %d", at).isFalse();
        }
    }

    @Test
    void whatIsCutOffIsNotRead() {
        for (int length = 0; length < REQUEST.length; length++) {
            assertThat(Stun.request(ByteBuffer.wrap(REQUEST, 0, length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
    }
}
