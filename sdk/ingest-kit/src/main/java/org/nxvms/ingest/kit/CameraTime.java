// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * What a camera believes the time to be, by its sender reports (RFC 3550 6.4.1): how far that is from the host's clock, and
 * how often it was set. Nothing in a recording depends on it: footage carries the host's time. One thread at a time.
 */
public final class CameraTime {
    /** More than any drift between two reports. */
    private static final long SET_US_MIN = 1_000_000;

    private boolean known;
    private long offsetUs;
    private long settings;

    /**
     * A report came.
     *
     * @param cameraUs its wall time, negative when it has none
     * @param hostUs ours
     */
    public void report(long cameraUs, long hostUs) {
        if (cameraUs < 0) {
            return;
        }
        long offset = cameraUs - hostUs;
        if (known && Math.abs(offset - offsetUs) > SET_US_MIN) {
            settings++;
        }
        known = true;
        offsetUs = offset;
    }

    /** {@return whether the camera ever told its time} */
    public boolean known() {
        return known;
    }

    /** {@return microseconds the camera's clock is ahead of the host's} */
    public long offsetUs() {
        return offsetUs;
    }

    /** {@return how often the camera's clock was set since the first report} */
    public long settings() {
        return settings;
    }
}
