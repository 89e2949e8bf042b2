// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.time.Instant;

/**
 * The time of one camera.
 *
 * <p>Counts in nanoseconds from the camera's zero, the Unix epoch plus its phase; units of tracks are numbered on that
 * axis. Follows {@link System#nanoTime()}, so that a step of the machine's clock does not disturb pictures.
 */
final class CameraClock {
    /** From the year 1900, where NTP begins, to 1970. */
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;

    private static final long NANOS = 1_000_000_000L;

    private final long anchorNano;
    private final long anchorStreamNanos;
    private final long phaseNanos;
    private final long offsetNanos;
    private final double rate;

    CameraClock(Instant anchor, long anchorNano, CameraSettings settings) {
        this.anchorNano = anchorNano;
        this.phaseNanos = settings.phaseMs() * 1_000_000;
        this.offsetNanos = settings.clockOffsetMs() * 1_000_000;
        this.anchorStreamNanos = anchor.getEpochSecond() * NANOS + anchor.getNano() - phaseNanos;
        this.rate = 1 + settings.clockPpm() / 1e6;
    }

    private CameraClock(CameraClock before, long passedNanos) {
        this.anchorNano = before.anchorNano;
        this.phaseNanos = before.phaseNanos;
        this.offsetNanos = before.offsetNanos;
        this.anchorStreamNanos = before.anchorStreamNanos + passedNanos;
        this.rate = before.rate;
    }

    /** {@return a clock as of a camera for which so much more time has passed} */
    CameraClock after(long nanos) {
        return new CameraClock(this, nanos);
    }

    /** The camera's time at a value of {@link System#nanoTime()}. */
    long streamNanos(long nano) {
        return anchorStreamNanos + (long) ((nano - anchorNano) * rate);
    }

    /** The value of {@link System#nanoTime()} at a time of the camera. */
    long nano(long streamNanos) {
        return anchorNano + (long) ((streamNanos - anchorStreamNanos) / rate);
    }

    /** A time of the camera as its own clock shows it. */
    Instant instant(long streamNanos) {
        return Instant.ofEpochSecond(0, streamNanos + phaseNanos + offsetNanos);
    }

    /** The camera's time when its own clock shows this. */
    long streamNanosAt(Instant shown) {
        return shown.getEpochSecond() * NANOS + shown.getNano() - phaseNanos - offsetNanos;
    }

    /** A time of the camera as the 64 bit timestamp of a sender report (RFC 3550 4), by the camera's own clock. */
    long ntp(long streamNanos) {
        long epochNanos = streamNanos + phaseNanos + offsetNanos;
        long seconds = Math.floorDiv(epochNanos, NANOS) + NTP_TO_UNIX_SECONDS;
        long fraction = (Math.floorMod(epochNanos, NANOS) << 32) / NANOS;
        return seconds << 32 | fraction;
    }
}
