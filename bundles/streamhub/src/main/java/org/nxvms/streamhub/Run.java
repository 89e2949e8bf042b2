// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;

/** What every access unit of a run has in common. */
record Run(long number, StreamFormat format, long startUs, ClockSource clock) {
    boolean hasVideo() {
        return format.video().isPresent();
    }

    /** The entry that ends a run. */
    record End(Run run, long endUs, GapCause cause, String detail) {}
}
