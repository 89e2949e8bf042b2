// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.recording.RecordingOrder.OnDemand;

/**
 * Which time of a stream is wanted. While none is, the cursor follows the writer at a distance, so that the ring keeps
 * what a later wish may reach back to: the ring is the pre-event buffer. One thread; the order is looked at once a step.
 */
final class Wanted {
    private static final int GOP_US_DEFAULT = 2_000_000;
    private static final int GOP_US_MAX = 10_000_000;
    /** Footage begins with a key frame: of the GOP before the buffer, and of the one that is just let go. */
    private static final int GOPS = 2;
    /** Without a key frame for so long a recording that is over ends anywhere. */
    private static final long OVERTIME_US = 10_000_000;

    private static final int KEPT_SECONDS_SLACK = 2;

    private static final long NOT_OVER = Long.MAX_VALUE;

    private Optional<OnDemand> demand = Optional.empty();
    private long preBufferUs;
    private long nowUs;
    private boolean waiting;
    private long doneUs = Long.MIN_VALUE;
    private long gopUs = GOP_US_DEFAULT;
    private long keyUs = Long.MIN_VALUE;
    private int keptSeconds;
    private long overSinceUs = NOT_OVER;

    /** Takes note of the order and the time. */
    void look(Optional<OnDemand> ordered, long wallUs) {
        demand = ordered;
        preBufferUs = ordered.isPresent() ? ordered.get().preBufferSeconds() * 1_000_000L : 0;
        nowUs = wallUs;
    }

    boolean isOnDemand() {
        return demand.isPresent();
    }

    /** {@return whether the cursor follows at a distance, and nothing is written} */
    boolean isWaiting() {
        return waiting;
    }

    GapCause idleCause() {
        return demand.map(OnDemand::idleCause).orElse(GapCause.NOT_SCHEDULED);
    }

    /** {@return whether footage is wanted that is not written yet, as far as can be known without reading} */
    boolean isDue() {
        return demand.isEmpty()
                || demand.get().untilUs() > demand.get().fromUs()
                        && demand.get().untilUs() > doneUs;
    }

    /** {@return wall time from which footage is wanted; only after {@link #isOnDemand}} */
    long fromUs() {
        return demand.orElseThrow().fromUs();
    }

    void begin() {
        waiting = false;
        overSinceUs = NOT_OVER;
    }

    /** Nothing is wanted from this moment on. */
    void rest(long wallUs) {
        waiting = true;
        doneUs = wallUs;
    }

    /** Whether the leading unit is behind the end of what is wanted, at a place where footage may end. */
    boolean isOver(StreamReader unit, boolean inRun) {
        if (demand.isEmpty() || unit.wallUs() < demand.get().untilUs()) {
            overSinceUs = NOT_OVER;
            return false;
        }
        if (overSinceUs == NOT_OVER) {
            overSinceUs = unit.wallUs();
        }
        return unit.key() || !inRun || unit.wallUs() - overSinceUs >= OVERTIME_US;
    }

    /** {@return whether nothing more of what is wanted can come} */
    boolean isPast() {
        return demand.isPresent() && nowUs >= demand.get().untilUs();
    }

    /** While waiting: whether a unit is so old that no wish will reach back to it. */
    boolean letsGo(StreamReader unit, boolean lead) {
        if (unit.wallUs() > nowUs - keptUs()) {
            return false;
        }
        if (lead && unit.key()) {
            long sinceUs = unit.wallUs() - keyUs;
            gopUs = sinceUs > 0 && sinceUs <= GOP_US_MAX ? sinceUs : gopUs;
            keyUs = unit.wallUs();
        }
        return true;
    }

    private long keptUs() {
        return preBufferUs + GOPS * gopUs;
    }

    /** Lets the ring grow to what is kept, or shrink again; a GOP that is some pictures shorter is no reason. */
    void keepIn(StreamReader reader) {
        int seconds = demand.isPresent() ? (int) (keptUs() / 1_000_000) + 1 : 0;
        boolean same = seconds == keptSeconds
                || seconds != 0 && seconds < keptSeconds && keptSeconds - seconds <= KEPT_SECONDS_SLACK;
        if (!same) {
            keptSeconds = seconds;
            reader.keepUnread(seconds);
        }
    }

    /** A new cursor has been told nothing yet. */
    void opened() {
        keptSeconds = 0;
    }
}
