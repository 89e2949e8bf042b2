// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.recording;

import java.util.Objects;
import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * How a stream shall be recorded.
 *
 * @param terms how long and where its footage is kept
 * @param onDemand only some time of the stream; empty for all of it
 */
public record RecordingOrder(FootageTerms terms, Optional<OnDemand> onDemand) {
    /**
     * Some time of a stream. Footage begins with the newest key frame at or before {@code fromUs}, as far as it is
     * still in memory and not written yet, and ends with the last picture before the first key frame at or after
     * {@code untilUs}. So what follows at once is not cut from what was before. The rest of the time is a gap.
     *
     * @param preBufferSeconds how far a later {@code fromUs} may lie in the past: so much of the stream is kept in
     *     memory, within the hub's limits
     * @param fromUs wall time, microseconds since 1970
     * @param untilUs exclusive; not after {@code fromUs} while nothing is wanted
     * @param idleCause of the gaps: NO_EVENT or NOT_SCHEDULED
     */
    public record OnDemand(int preBufferSeconds, long fromUs, long untilUs, GapCause idleCause) {
        public OnDemand {
            Objects.requireNonNull(idleCause, "idleCause");
        }

        /** Nothing is wanted yet. */
        public static OnDemand waiting(int preBufferSeconds, GapCause idleCause) {
            return new OnDemand(preBufferSeconds, 0, 0, idleCause);
        }
    }

    public RecordingOrder {
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(onDemand, "onDemand");
    }

    /** All of the stream. */
    public RecordingOrder(FootageTerms terms) {
        this(terms, Optional.empty());
    }

    /** An order that only limits the time footage is kept, 1..3650 days. */
    public RecordingOrder(int retentionDaysMax) {
        this(FootageTerms.days(retentionDaysMax));
    }
}
