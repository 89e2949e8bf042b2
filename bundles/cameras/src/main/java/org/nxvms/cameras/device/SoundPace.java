// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import org.nxvms.driver.spi.AudioOut;

/**
 * Real time for sound: who sends faster than it is heard waits, so that it does not pile up in networks and devices, where
 * nobody can take it back. Pauses are no debt.
 */
final class SoundPace {
    /** Sent ahead, against jitter. */
    private static final long LEAD_NS = 400_000_000;

    private static final long SECOND_NS = 1_000_000_000;
    private static final int AAC_SAMPLES = 1_024;
    private static final int OPUS_FRAMES_MAX = 48;

    private final AudioOut.Format format;
    /** When what was sent will have been heard. */
    private long heardNs;

    SoundPace(AudioOut.Format format, long nowNs) {
        this.format = format;
        this.heardNs = nowNs;
    }

    /** {@return how long to wait before the next frame is sent; 0 when not} */
    long waitNs(long nowNs) {
        return Math.max(0, heardNs - nowNs - LEAD_NS);
    }

    /** A frame was sent. */
    void sent(byte[] frame, long nowNs) {
        heardNs = Math.max(heardNs, nowNs) + durationNs(format, frame);
    }

    static long durationNs(AudioOut.Format format, byte[] frame) {
        return switch (format.codec()) {
            case PCMU, PCMA -> frame.length * SECOND_NS / ((long) format.sampleRateHz() * format.channels());
            case AAC -> AAC_SAMPLES * SECOND_NS / format.sampleRateHz();
            case OPUS -> opusNs(frame);
            default -> 0;
        };
    }

    /** From the packet's first bytes (RFC 6716 3.1, 3.2.5). */
    private static long opusNs(byte[] packet) {
        int toc = packet[0] & 0xff;
        int configuration = toc >> 3;
        long frameUs;
        if (configuration < 12) {
            frameUs = new long[] {10_000, 20_000, 40_000, 60_000}[configuration & 3];
        } else if (configuration < 16) {
            frameUs = (configuration & 1) == 0 ? 10_000 : 20_000;
        } else {
            frameUs = 2_500L << (configuration & 3);
        }
        int frames =
                switch (toc & 3) {
                    case 0 -> 1;
                    case 1, 2 -> 2;
                    default -> packet.length < 2 ? 1 : Math.min(OPUS_FRAMES_MAX, packet[1] & 0x3f);
                };
        return frameUs * frames * 1_000;
    }
}
