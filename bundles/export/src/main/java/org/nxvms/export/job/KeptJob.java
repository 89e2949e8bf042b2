// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

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

    KeptJob(ExportJob job) {
        this.job = job;
    }

    boolean isFinished() {
        return job.state() == ExportJob.State.DONE || job.state() == ExportJob.State.FAILED;
    }
}
