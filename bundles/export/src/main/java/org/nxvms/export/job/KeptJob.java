// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.nxvms.platform.api.export.ExportJob;

/** A job while it is known. Its fields are changed under its own lock. */
final class KeptJob {
    final Progress progress = new Progress();
    volatile ExportJob job;
    /** It was taken back. */
    volatile boolean unwanted;
    /** Somebody makes it. */
    boolean running;
    /** The store does not know yet. */
    volatile boolean unsaved;
    /** When it ended, by the time that this process lived; empty while it has not, or if it was before. */
    volatile OptionalLong doneNanos = OptionalLong.empty();
    /** Who was handed to the makers earlier has a smaller one. */
    volatile long turn = Long.MAX_VALUE;

    KeptJob(ExportJob job) {
        this.job = job;
    }

    /** {@return those that wait, in the order in which they are made} */
    static List<KeptJob> queue(Collection<KeptJob> jobs) {
        return jobs.stream()
                .filter(kept -> kept.job.state() == ExportJob.State.WAITING)
                .sorted(Comparator.comparingLong(kept -> kept.turn))
                .toList();
    }

    /**
     * {@return how far it is}
     *
     * @param queue of a moment ago: whoever waits no more has no place in it
     */
    Exports.View view(List<KeptJob> queue) {
        ExportJob now = job;
        int place = now.state() == ExportJob.State.WAITING ? queue.indexOf(this) : -1;
        return new Exports.View(now, progress, place < 0 ? OptionalInt.empty() : OptionalInt.of(place + 1));
    }

    boolean isFinished() {
        return job.state() == ExportJob.State.DONE || job.state() == ExportJob.State.FAILED;
    }
}
