// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;

/** What was said since no volume takes a stream's footage (ADR 44). The writer's thread, but for {@link #told}: any. */
final class Outage {
    /** Volumes refuse for one reason and another in turns; a gap has another cause when that has lasted for so long. */
    private static final long OTHER_CAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private volatile Optional<GapCause> told = Optional.empty();
    private long confirmedNanos = System.nanoTime() - OTHER_CAUSE_NANOS;
    private long fromUs;
    private boolean otherwise;

    /** A fragment is refused. */
    void refused(long startUs, boolean isFirst) {
        if (isFirst || otherwise) {
            fromUs = startUs;
        }
    }

    /** {@return from when on footage was refused; {@code otherwiseUs} when something else was missing since} */
    long fromUs(long otherwiseUs) {
        return otherwise ? otherwiseUs : fromUs;
    }

    /** {@return whether a gap is open that says so} */
    boolean isTold() {
        return told.isPresent();
    }

    /** {@return whether another cause has lasted for long enough to be said; only while one {@link #isTold}} */
    boolean changesTo(GapCause cause, long nowNanos) {
        boolean same = told.filter(cause::equals).isPresent();
        boolean changes = !same && nowNanos - confirmedNanos >= OTHER_CAUSE_NANOS;
        confirmedNanos = same || changes ? nowNanos : confirmedNanos;
        return changes;
    }

    /** A gap was said for that. */
    void told(GapCause cause) {
        told = Optional.of(cause);
        otherwise = false;
    }

    /** A gap was said for what is not the volumes' fault. */
    void otherwiseMissing() {
        told = Optional.empty();
        otherwise = true;
    }

    void over() {
        told = Optional.empty();
    }
}
