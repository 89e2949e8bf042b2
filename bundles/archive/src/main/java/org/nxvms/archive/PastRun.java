// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.archive.FootageSink.Run;

/** A run in the past, held within its time. One thread. */
final class PastRun implements Run {
    private final Run run;
    private final long toUs;
    private final Runnable over;
    private boolean ended;
    private long endUs;

    /** @param over told once, when nothing more is appended */
    PastRun(Run run, long fromUs, long toUs, Runnable over) {
        this.run = run;
        this.endUs = fromUs;
        this.toUs = toUs;
        this.over = over;
    }

    @Override
    public boolean append(
            ByteBuffer[] parts,
            int count,
            long startUs,
            long durationUs,
            boolean key,
            int accessUnits,
            BooleanSupplier stillIntact)
            throws IOException {
        if (startUs < endUs
                || startUs - endUs >= GapLedger.GAP_US_MIN
                || durationUs < 0
                || durationUs > toUs - startUs) {
            throw new IllegalArgumentException("a fragment of " + durationUs + " us at " + startUs
                    + " does not go on at " + endUs + " within a run to " + toUs);
        }
        boolean appended = run.append(parts, count, startUs, durationUs, key, accessUnits, stillIntact);
        if (appended) {
            endUs = startUs + durationUs;
        }
        return appended;
    }

    @Override
    public void end(long atUs) throws IOException {
        try {
            run.end(atUs);
        } finally {
            ended();
        }
    }

    @Override
    public void close() {
        run.close();
        ended();
    }

    private void ended() {
        if (!ended) {
            ended = true;
            over.run();
        }
    }
}
