// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors of RFC 3711 and RFC 7714, and what an attacker on the way can do. */
class SrtpTest {
    private static final HexFormat HEX = HexFormat.of();

    private static byte[] hex(String text) {
        return HEX.parseHex(text.replace(" ", ""));
    }

    private static SrtpKeys keys(SrtpProfile profile) {
        byte[] key = new byte[profile.keyBytes()];
        byte[] salt = new byte[profile.saltBytes()];
        Arrays.fill(key, (byte) 0x35);
        Arrays.fill(salt, (byte) 0x53);
        return new SrtpKeys(profile, key, salt);
    }

    @Test
    void derivesTheSessionKeysOfRfc3711() {
        SrtpKeys master = new SrtpKeys(
                SrtpProfile.AES128_CM_HMAC_SHA1_80,
                hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
                hex("0EC675AD498AFEEBB6960B3AABE6"));
        assertThat(master.derive(SrtpKeys.RTP_KEY, 16)).isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assertThat(master.derive(SrtpKeys.RTP_SALT, 14)).isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
        assertThat(master.derive(SrtpKeys.RTP_AUTH, 20)).isEqualTo(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
    }

    @Test
    void protectsThePacketOfRfc7714() throws Exception {
        byte[] salt = hex("517569642070726f2071756f");
        byte[] key = hex("000102030405060708090a0b0c0d0e0f");
        Srtp srtp = new GcmSrtp(key, salt, key, salt);
        byte[] clear = hex("8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120"
                + " 696e2070 61727465 73207472 6573");
        byte[] packet = Arrays.copyOf(clear, clear.length + Srtp.TRAILER_BYTES_MAX);
        int length = srtp.protect(packet, 12, clear.length, 0);
        assertThat(Arrays.copyOf(packet, length))
                .isEqualTo(hex("8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f"
                        + " 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce"));
        assertThat(srtp.unprotect(packet, 12, length, 0)).isEqualTo(clear.length);
        assertThat(Arrays.copyOf(packet, clear.length)).isEqualTo(clear);
    }

    @Test
    void readsTheReportOfRfc7714() {
        byte[] salt = hex("517569642070726f2071756f");
        byte[] key = hex("000102030405060708090a0b0c0d0e0f");
        byte[] report = hex("81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1"
                + " 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4");
        Srtp srtp = new GcmSrtp(key, salt, key, salt);
        int length = srtp.unprotectRtcp(report, report.length);
        assertThat(HEX.formatHex(report, 0, Math.max(0, length)))
                .isEqualTo("81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                        + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
    }

    @Test
    void theKeyStreamIsThatOfRfc3711() throws Exception {
        // B.2, with the session key and salt; its counter has SSRC 0, roll-over 0 and sequence number 0.
        var cipher = javax.crypto.Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(
                javax.crypto.Cipher.ENCRYPT_MODE,
                new javax.crypto.spec.SecretKeySpec(hex("2B7E151628AED2A6ABF7158809CF4F3C"), "AES"),
                CounterSrtp.iv(hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), 0, 0, 0));
        assertThat(cipher.doFinal(new byte[32]))
                .isEqualTo(hex("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsProtectedComesBackAndNothingElse(SrtpProfile profile) throws Exception {
        Srtp sender = Srtp.of(keys(profile));
        Srtp receiver = Srtp.of(keys(profile));
        byte[] clear = hex("90e6fffe 00000001 11223344 bede0001 52000000 00112233445566778899");
        for (int rollOver : new int[] {0, 1, 70_000}) {
            byte[] packet = Arrays.copyOf(clear, clear.length + Srtp.TRAILER_BYTES_MAX);
            int length = sender.protect(packet, 20, clear.length, rollOver);
            assertThat(Arrays.copyOf(packet, 20)).as("the header stays").isEqualTo(Arrays.copyOf(clear, 20));
            for (int at = 0; at < length; at++) {
                byte[] forged = packet.clone();
                forged[at] ^= 1;
                assertThat(receiver.unprotect(forged, 20, length, rollOver))
                        .as("byte %d", at)
                        .isNegative();
            }
            assertThat(receiver.unprotect(packet.clone(), 20, length, rollOver + 1))
                    .isNegative();
            assertThat(receiver.unprotect(packet, 20, length, rollOver)).isEqualTo(clear.length);
            assertThat(Arrays.copyOf(packet, clear.length)).isEqualTo(clear);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePacketThatWasJustSentCanBeSentAgainAsItWas(SrtpProfile profile) throws Exception {
        Srtp sender = Srtp.of(keys(profile));
        byte[] clear = hex("80660001 00000001 11223344 00112233");
        byte[] once = Arrays.copyOf(clear, 64);
        byte[] again = Arrays.copyOf(clear, 64);
        assertThat(sender.protect(once, 12, clear.length, 0)).isEqualTo(sender.protect(again, 12, clear.length, 0));
        assertThat(again).isEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource
    void aReportIsTakenOnceAndOnlyWhole(SrtpProfile profile) throws Exception {
        Srtp sender = Srtp.of(keys(profile));
        Srtp receiver = Srtp.of(keys(profile));
        byte[] clear = hex("81ce0002 00000001 11223344");
        byte[] first = Arrays.copyOf(clear, 64);
        int length = sender.protectRtcp(first, clear.length);
        byte[] second = Arrays.copyOf(clear, 64);
        sender.protectRtcp(second, clear.length);
        assertThat(second).as("no two are alike").isNotEqualTo(first);
        for (int at = 0; at < length; at++) {
            byte[] forged = first.clone();
            forged[at] ^= 1;
            assertThat(receiver.unprotectRtcp(forged, length)).as("byte %d", at).isNegative();
        }
        for (int bytes = 0; bytes < length; bytes++) {
            assertThat(receiver.unprotectRtcp(first.clone(), bytes))
                    .as("%d bytes", bytes)
                    .isNegative();
        }
        byte[] kept = first.clone();
        assertThat(receiver.unprotectRtcp(second, length)).isEqualTo(clear.length);
        assertThat(receiver.unprotectRtcp(first, length)).as("late, but new").isEqualTo(clear.length);
        assertThat(Arrays.copyOf(first, clear.length)).isEqualTo(clear);
        assertThat(receiver.unprotectRtcp(kept, length)).as("comes again").isNegative();
    }

    @Test
    void theBestProfileThatBothKnowIsTaken() {
        assertThat(SrtpProfile.choose(new int[] {1, 8, 7})).contains(SrtpProfile.AEAD_AES_128_GCM);
        assertThat(SrtpProfile.choose(new int[] {2, 1})).contains(SrtpProfile.AES128_CM_HMAC_SHA1_80);
        assertThat(SrtpProfile.choose(new int[] {2, 8})).isEmpty();
    }
}
