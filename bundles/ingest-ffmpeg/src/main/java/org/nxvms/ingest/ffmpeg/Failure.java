// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceEnd;

/**
 * Why a source did not open or ended.
 *
 * @param kind decides how soon another attempt makes sense
 * @param detail a sentence for people, without secrets
 */
record Failure(DriverException.Kind kind, GapCause cause, String detail) {
    static Failure of(SourceEnd end) {
        return new Failure(end.kind(), end.cause(), end.detail());
    }

    /** What the administrator must change. */
    static Failure of(DriverException refused) {
        GapCause cause =
                refused.kind() == DriverException.Kind.UNSUPPORTED ? GapCause.UNSUPPORTED : GapCause.CAMERA_UNREACHABLE;
        return new Failure(refused.kind(), cause, refused.getMessage());
    }

    static Failure unsupported(String detail) {
        return new Failure(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, detail);
    }

    static Failure stalled(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.STREAM_STALLED, detail);
    }

    static Failure worker(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, detail);
    }

    DriverException exception() {
        return new DriverException(kind, detail);
    }
}
