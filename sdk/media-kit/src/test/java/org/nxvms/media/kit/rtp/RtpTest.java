// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RtpTest {
    private final RtpHeader header = new RtpHeader();

    @Test
    void csrcsExtensionAndPaddingAreLeftOutOfThePayload() {
        ByteBuffer packet = ByteBuffer.allocate(64);
        packet.put((byte) (0x80 | 0x20 | 0x10 | 1)).put((byte) (0x80 | 96)).putShort((short) 65_000);
        packet.putInt(-2).putInt(77).putInt(0);
        packet.putShort((short) 0xBEDE).putShort((short) 1).putInt(0);
        packet.put((byte) 'a').put((byte) 'b').put((byte) 0).put((byte) 2);

        assertThat(header.parse(packet, 0, packet.position())).isTrue();
        assertThat(header.payloadOffset()).isEqualTo(24);
        assertThat(header.payloadLength()).isEqualTo(2);
        assertThat(header.sequence()).isEqualTo(65_000);
        assertThat(header.timestamp()).isEqualTo(0xFFFF_FFFEL);
        assertThat(header.ssrc()).isEqualTo(77);
        assertThat(header.payloadType()).isEqualTo(96);
        assertThat(header.marker()).isTrue();
    }

    @Test
    void anythingThatIsNotRtpIsRefused() {
        ByteBuffer zeros = ByteBuffer.allocate(64);
        assertThat(header.parse(zeros, 0, 64)).as("version 0").isFalse();
        zeros.put(0, (byte) 0x8F);
        assertThat(header.parse(zeros, 0, 40)).as("15 CSRCs in 40 bytes").isFalse();
        zeros.put(0, (byte) 0x90);
        zeros.putShort(14, (short) -1);
        assertThat(header.parse(zeros, 0, 64)).as("endless extension").isFalse();
        zeros.put(0, (byte) 0xA0);
        zeros.put(63, (byte) 200);
        assertThat(header.parse(zeros, 0, 64)).as("more padding than packet").isFalse();
        assertThat(header.parse(zeros, 0, 11)).as("too short").isFalse();
    }

    @Test
    void sequenceNumbersWrapLossesCountAndLatePacketsAreTold() {
        SequenceTracker tracker = new SequenceTracker();
        assertThat(tracker.accept(65_534)).isZero();
        assertThat(tracker.accept(65_535)).isZero();
        assertThat(tracker.accept(2)).isEqualTo(2);
        assertThat(tracker.accept(1)).isEqualTo(SequenceTracker.LATE);
        assertThat(tracker.accept(3)).isZero();
        assertThat(tracker.lost()).isEqualTo(2);
        assertThat(tracker.late()).isEqualTo(1);
        assertThat(tracker.extendedHighest()).isEqualTo(1 << 16 | 3);
        assertThat(tracker.accept(30_000)).as("a restarted source").isEqualTo(1);
        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.lost()).isEqualTo(2);
    }

    @Property(tries = 200)
    void timestampsUnwrapWhereverTheyStart(
            @ForAll @LongRange(min = 0, max = 0xFFFF_FFFFL) long first,
            @ForAll @LongRange(min = -900_000, max = 900_000_000) long step) {
        TimestampUnwrapper unwrapper = new TimestampUnwrapper();
        long time = unwrapper.unwrap(first);
        for (int i = 1; i < 20; i++) {
            time += step;
            assertThat(unwrapper.unwrap(time & 0xFFFF_FFFFL)).isEqualTo(time);
        }
    }

    @Test
    void aSenderReportGivesWallTimeToTheMicrosecond() {
        ByteBuffer out = ByteBuffer.allocate(128);
        Rtcp.writeSenderReport(out, 9, 1_763_800_000_123_456L, 0xFFFF_0000L, new int[] {10, 1000});
        Rtcp rtcp = new Rtcp();

        assertThat(rtcp.parse(out, 0, out.position())).isTrue();
        assertThat(rtcp.hasSenderReport()).isTrue();
        assertThat(rtcp.senderWallUs()).isEqualTo(1_763_800_000_123_456L);
        assertThat(rtcp.rtpTimestamp()).isEqualTo(0xFFFF_0000L);
        assertThat(rtcp.parse(out, 0, out.position() - 1)).as("cut off").isFalse();

        out.clear();
        Rtcp.writeReceiverReport(out, 1, 9, new SequenceTracker(), 0, rtcp.lastSenderReport(), 500_000);
        assertThat(rtcp.parse(out, 0, out.position())).isTrue();
        assertThat(rtcp.hasSenderReport()).isFalse();
    }

    /** The sample of RFC 3550 A.3 in spirit: what was lost since the last report, and no more. */
    @Test
    void theFractionLostIsOfTheLastIntervalOnly() {
        SequenceTracker tracker = new SequenceTracker();
        for (int n = 0; n < 100; n++) {
            if (n % 4 != 3) {
                tracker.accept(n);
            }
        }
        assertThat(tracker.takeFractionLost()).isBetween(60, 64);
        for (int n = 100; n < 200; n++) {
            tracker.accept(n);
        }
        assertThat(tracker.takeFractionLost()).as("99 was missing").isBetween(0, 3);
        assertThat(tracker.takeFractionLost()).isZero();
    }

    @Test
    void jitterIsWhatTheNetworkAddsAndNotTheFrameRate() {
        InterarrivalJitter steady = new InterarrivalJitter(90_000);
        InterarrivalJitter shaken = new InterarrivalJitter(90_000);
        for (int n = 0; n < 1000; n++) {
            long timestamp = n * 3600L & 0xFFFF_FFFFL;
            steady.packet(timestamp, n * 40_000_000L);
            shaken.packet(timestamp, n * 40_000_000L + n % 2 * 8_000_000L);
        }
        assertThat(steady.us()).isZero();
        assertThat(shaken.us()).isBetween(7_000L, 8_000L);
    }
}
