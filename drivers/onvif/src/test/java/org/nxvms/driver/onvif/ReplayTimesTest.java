// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.rtp.RtpHeader;

/** When a recorded picture was taken: as the device says with it, or as reckoned from where it began. */
class ReplayTimesTest {
    private static final long NOON_US = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-11-27T12:00:00Z"));
    private static final long NTP_NOON = (NOON_US / 1_000_000 + 2_208_988_800L) << 32;

    private final ReplayTimes times = new ReplayTimes(90_000);

    /** @param ntp 0 for a packet without the extension */
    private void packet(long timestamp, long ntp, int flags) {
        ByteBuffer packet = ByteBuffer.allocate(29);
        packet.put((byte) (ntp == 0 ? 0x80 : 0x90)).put((byte) 96).putShort((short) 1);
        packet.putInt((int) timestamp).putInt(7);
        if (ntp != 0) {
            packet.putShort((short) 0xABAC).putShort((short) 3).putLong(ntp).putInt(flags << 24);
        }
        RtpHeader header = new RtpHeader();
        assertThat(header.parse(packet, 0, packet.capacity())).isTrue();
        times.packet(packet, header);
    }

    @Test
    void aPictureHasTheTimeThatItsFirstPacketTells() {
        packet(1_000, NTP_NOON, 0x80);
        packet(1_000, 0, 0);
        packet(4_600, NTP_NOON + (1L << 31), 0x50);
        assertThat(times.of(1_000)).contains(new ReplayTimes.Mark(1_000, NOON_US, false, false));
        assertThat(times.of((3L << 32) + 4_600))
                .as("unwrapped, half a second later")
                .contains(new ReplayTimes.Mark(4_600, NOON_US + 500_000, true, true));
        packet(8_200, NTP_NOON + (1L << 32), 0);
        assertThat(times.of(1_000)).as("long past").isEmpty();
    }

    @Test
    void aDeviceWithoutTheExtensionIsBelievedWhereItBegins() {
        packet(1_000, 0, 0);
        assertThat(times.of(1_000)).as("nothing was said").isEmpty();
        times.begins(NOON_US);
        packet(1_000, 0, 0);
        packet(4_600, 0, 0);
        assertThat(times.of(1_000)).map(ReplayTimes.Mark::wallUs).contains(NOON_US);
        assertThat(times.of(4_600)).map(ReplayTimes.Mark::wallUs).contains(NOON_US + 40_000);
    }

    @Test
    void timesOfTheNextEraOfNtpAreOurs() {
        long us = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2040-01-01T00:00:00Z"));
        long seconds = us / 1_000_000 + 2_208_988_800L - (1L << 32);
        assertThat(ReplayTimes.unixUs(seconds << 32)).isEqualTo(us);
    }
}
