// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.recording.RecordingOrder;

/**
 * What the recorder shall do with a stream now.
 *
 * @param order empty: not record
 * @param idle why no footage is wanted now; empty while it is
 */
public record Plan(Optional<RecordingOrder> order, Optional<GapCause> idle) {
    /** Nothing is recorded. */
    public static final Plan NOTHING = new Plan(Optional.empty(), Optional.of(GapCause.NOT_SCHEDULED));
}
