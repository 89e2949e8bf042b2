// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.recording;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/**
 * Whether a wished stream is being written.
 *
 * @param recording true when footage was written within the last seconds and nothing stands against it
 * @param cause why not, empty while recording
 * @param detail a sentence for people; empty while recording
 * @param lastWritten wall time up to which footage is on the volume
 * @param accessUnitsWritten since the recorder started
 * @param accessUnitsLost given up since the recorder started (overrun, slow disk)
 */
public record RecordingStatus(
        StreamId stream,
        boolean recording,
        Optional<GapCause> cause,
        String detail,
        Optional<Instant> lastWritten,
        long accessUnitsWritten,
        long accessUnitsLost) {
    public RecordingStatus {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(lastWritten, "lastWritten");
    }
}
