// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import java.util.Locale;

/** What a fault is about, and so which clients notice it. */
public enum FaultArea {
    /** Every connection: RTSP and, where the camera has it, HTTP. */
    CONNECTION,
    /** Answers to RTSP requests and to the upgrade of an event stream. */
    ANSWERS,
    /** RTP packets. */
    MEDIA,
    /** The camera's own clock. */
    CLOCK,
    /** What a camera with a dialect tells of itself over its event stream. */
    EVENTS;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
