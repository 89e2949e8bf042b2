// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

/** Where a run's wall time comes from. Stored by name; a {@code switch} needs a default branch. */
public enum ClockSource {
    /** The host's clock when the first packet of the run arrived, advanced by RTP time. */
    ARRIVAL,
    /** The camera's clock by RTCP sender reports (RFC 3550 6.4.1). */
    RTCP_SENDER_REPORT,
    /**
     * What the camera recorded itself and the server fetched later: the camera's clock, moved to the server's time by pictures
     * that both have, or by what the camera says its time is.
     */
    DEVICE_RECORDING
}
