// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;

/**
 * Why a session did not come about or ended.
 *
 * @param kind decides how soon another attempt makes sense
 * @param detail a sentence for people, without secrets
 */
record Failure(DriverException.Kind kind, GapCause cause, String detail) {
    static Failure unreachable(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.CAMERA_UNREACHABLE, detail);
    }

    static Failure auth(String detail) {
        return new Failure(DriverException.Kind.AUTH, GapCause.AUTH, detail);
    }

    static Failure protocol(String detail) {
        return new Failure(DriverException.Kind.PROTOCOL, GapCause.CAMERA_UNREACHABLE, detail);
    }

    static Failure unsupported(String detail) {
        return new Failure(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, detail);
    }

    static Failure busy(String detail) {
        return new Failure(DriverException.Kind.BUSY, GapCause.CAMERA_UNREACHABLE, detail);
    }

    static Failure config(String detail) {
        return new Failure(DriverException.Kind.CONFIG, GapCause.CAMERA_UNREACHABLE, detail);
    }

    static Failure stalled(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.STREAM_STALLED, detail);
    }
}
