// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import org.nxvms.driver.spi.DriverException;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceEnd;

/** What the end of a source means. */
final class Losses {
    private Losses() {}

    static Failure of(SourceEnd end) {
        // FFmpeg does not always tell a wrong login from a right that is missing.
        return new Failure(end.kind(), end.cause(), end.detail(), end.kind() == DriverException.Kind.AUTH);
    }

    /** What the administrator must change. */
    static Failure of(DriverException refused) {
        GapCause cause =
                refused.kind() == DriverException.Kind.UNSUPPORTED ? GapCause.UNSUPPORTED : GapCause.CAMERA_UNREACHABLE;
        return new Failure(refused.kind(), cause, refused.getMessage());
    }

    /** The media worker's, not the source's. */
    static Failure ofWorker(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, detail);
    }
}
