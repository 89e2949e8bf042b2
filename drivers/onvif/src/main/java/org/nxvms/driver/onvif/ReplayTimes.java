// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.nxvms.media.kit.rtp.RtpHeader;

/**
 * When the pictures of a recording were taken: by the header extension of replay (ONVIF Streaming Specification 6.3),
 * which the first packet of each has; of a device that sends none, by the time at which it says to begin and its time
 * stamps. One thread.
 */
final class ReplayTimes {
    private static final int EXTENSION = 0xABAC;
    private static final int EXTENSION_BYTES = 12;
    private static final int END = 0x40;
    private static final int TERMINAL = 0x10;
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;
    private static final long NTP_ERA_SECONDS = 1L << 32;

    /**
     * What was said of a picture.
     *
     * @param timestamp of its packets
     * @param end nothing follows it at once: a gap in the recording, or its end
     * @param terminal the last one
     */
    record Mark(long timestamp, long wallUs, boolean end, boolean terminal) {}

    private static final Mark NONE = new Mark(-1, 0, false, false);

    private Mark newest = NONE;
    private Mark before = NONE;
    private OptionalLong begunUs = OptionalLong.empty();
    private long firstTimestamp = -1;
    private final int clockRate;

    ReplayTimes(int clockRate) {
        this.clockRate = clockRate;
    }

    /** The device says that it begins there. */
    void begins(long us) {
        begunUs = OptionalLong.of(us);
    }

    /** Looks at a packet, before it is taken. */
    void packet(ByteBuffer in, RtpHeader packet) {
        if (firstTimestamp < 0) {
            firstTimestamp = packet.timestamp();
        }
        if (packet.extensionProfile() == EXTENSION && packet.extensionLength() >= EXTENSION_BYTES) {
            int flags = in.get(packet.extensionOffset() + 8);
            Mark mark = new Mark(
                    packet.timestamp(),
                    unixUs(in.getLong(packet.extensionOffset())),
                    (flags & END) != 0,
                    (flags & TERMINAL) != 0);
            if (mark.timestamp() != newest.timestamp()) {
                before = newest;
                newest = mark;
            }
        }
    }

    /** {@return what is known of the picture with this time stamp; its flags are false and its time reckoned when it said nothing} */
    java.util.Optional<Mark> of(long unwrapped) {
        long timestamp = unwrapped & 0xFFFF_FFFFL;
        if (timestamp == newest.timestamp()) {
            return java.util.Optional.of(newest);
        }
        if (timestamp == before.timestamp()) {
            return java.util.Optional.of(before);
        }
        if (newest != NONE || begunUs.isEmpty()) {
            return java.util.Optional.empty();
        }
        long sinceFirst = unwrapped - firstTimestamp;
        return java.util.Optional.of(new Mark(
                timestamp, begunUs.getAsLong() + Math.floorDiv(sinceFirst * 1_000_000, clockRate), false, false));
    }

    /**
     * {@return when a frame of sound was recorded}: several may come in one packet, of which the first one's time is told.
     */
    java.util.Optional<Long> near(long unwrapped) {
        if (newest == NONE) {
            return of(unwrapped).map(Mark::wallUs);
        }
        int ahead = (int) (unwrapped - newest.timestamp());
        return java.util.Optional.of(newest.wallUs() + Math.floorDiv(ahead * 1_000_000L, clockRate));
    }

    /** A time stamp of NTP (RFC 3550 4), rounded to microseconds; the era is the one with our time in it. */
    static long unixUs(long ntp) {
        long seconds = (ntp >>> 32) - NTP_TO_UNIX_SECONDS;
        if (seconds < 0) {
            seconds += NTP_ERA_SECONDS;
        }
        long fraction = (ntp & 0xFFFF_FFFFL) * 1_000_000 + (1L << 31) >>> 32;
        return seconds * 1_000_000 + fraction;
    }
}
