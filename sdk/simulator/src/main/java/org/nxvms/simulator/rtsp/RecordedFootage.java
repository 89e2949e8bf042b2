// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.time.Instant;
import java.util.Optional;

/** What a camera has recorded itself and plays again by RTSP. Called on the farm's thread; does not block. */
@FunctionalInterface
public interface RecordedFootage {
    RecordedFootage NONE = recording -> Optional.empty();

    /**
     * One recording.
     *
     * @param from by the camera's clock, as {@code to}
     * @param to empty while it is recorded
     */
    record Span(Instant from, Optional<Instant> to) {}

    /** {@return when a recording was made, if there is one of this name} */
    Optional<Span> find(String recording);
}
