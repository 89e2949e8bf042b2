// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

/** How much an event matters, least first. More may follow in between: compare, and let a {@code switch} have a default. */
public enum EventSeverity {
    /** Worth knowing: a camera was added, something moved. */
    INFO,
    /** Degraded; heals itself or can wait: a stream is down and retried. */
    WARNING,
    /** Evidence is being lost, or somebody must act now. */
    CRITICAL;

    public boolean atLeast(EventSeverity other) {
        return compareTo(other) >= 0;
    }
}
