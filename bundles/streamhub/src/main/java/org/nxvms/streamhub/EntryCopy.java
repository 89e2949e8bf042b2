// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/**
 * What a cursor says of the entry it stands on, copied from the ring before it asked whether the entry was still in place.
 * One thread.
 */
abstract class EntryCopy implements StreamReader {
    private int state = EMPTY;
    private Run run;
    private Run.End end;
    private long sequence;
    private int track;
    private int flags;
    private long timestamp;
    private long wallUs;
    private int offset;
    private int length;

    /** {@return what the cursor stands on, as told} */
    final int stand(int on) {
        state = on;
        return on;
    }

    final void look(EntryTable entries, long at) {
        sequence = entries.sequence(at);
        track = entries.track(at);
        flags = entries.flags(at);
        timestamp = entries.timestamp(at);
        wallUs = entries.wallUs(at);
        offset = entries.offset(at);
        length = entries.length(at);
    }

    final void runStarts(Run of) {
        run = of;
        wallUs = of.startUs();
    }

    final void runEnds(Run.End of) {
        end = of;
    }

    /** {@return the run that was polled last, or null} */
    final Run currentRun() {
        return run;
    }

    final int offset() {
        return offset;
    }

    @Override
    public final long run() {
        return run == null ? 0 : run.number();
    }

    @Override
    public final StreamFormat format() {
        return polledRun().format();
    }

    @Override
    public final ClockSource clockSource() {
        return polledRun().clock();
    }

    private Run polledRun() {
        if (run == null) {
            throw new IllegalStateException("no run was polled yet");
        }
        return run;
    }

    @Override
    public final long sequence() {
        return sequence;
    }

    @Override
    public final int track() {
        return track;
    }

    @Override
    public final int flags() {
        return flags;
    }

    @Override
    public final boolean key() {
        return (flags & StreamWriter.KEY) != 0;
    }

    @Override
    public final long timestamp() {
        return timestamp;
    }

    @Override
    public final long wallUs() {
        return wallUs;
    }

    @Override
    public final int length() {
        return length;
    }

    @Override
    public final GapCause gapCause() {
        return endedRun().cause();
    }

    @Override
    public final String gapDetail() {
        return endedRun().detail();
    }

    private Run.End endedRun() {
        if (end == null || state != RUN_END) {
            throw new IllegalStateException("only after RUN_END");
        }
        return end;
    }
}
