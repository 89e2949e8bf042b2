// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;

/**
 * Why a stream does not come, or came to its end.
 *
 * @param kind decides how soon another attempt makes sense
 * @param cause of the gap
 * @param detail a sentence for everybody who may watch: without secrets, and without saying where the camera is
 * @param wrongLogin whether the camera does not know the credentials, and counts that
 */
public record Failure(DriverException.Kind kind, GapCause cause, String detail, boolean wrongLogin) {
    public Failure(DriverException.Kind kind, GapCause cause, String detail) {
        this(kind, cause, detail, false);
    }

    public static Failure unreachable(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.CAMERA_UNREACHABLE, detail);
    }

    public static Failure auth(String detail) {
        return new Failure(DriverException.Kind.AUTH, GapCause.AUTH, detail);
    }

    /** The credentials are wrong, whatever is asked for. */
    public static Failure wrongLogin(String detail) {
        return new Failure(DriverException.Kind.AUTH, GapCause.AUTH, detail, true);
    }

    public static Failure protocol(String detail) {
        return new Failure(DriverException.Kind.PROTOCOL, GapCause.CAMERA_UNREACHABLE, detail);
    }

    public static Failure unsupported(String detail) {
        return new Failure(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, detail);
    }

    public static Failure busy(String detail) {
        return new Failure(DriverException.Kind.BUSY, GapCause.CAMERA_UNREACHABLE, detail);
    }

    public static Failure config(String detail) {
        return new Failure(DriverException.Kind.CONFIG, GapCause.CAMERA_UNREACHABLE, detail);
    }

    /** It is there, but nothing comes. */
    public static Failure stalled(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.STREAM_STALLED, detail);
    }

    /** Packets come, but too few of them for whole pictures. */
    public static Failure packetLoss(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.PACKET_LOSS, detail);
    }

    /** The hub has no memory for the stream; another one may give its own back at any time, and a try asks no camera. */
    public static Failure noMemory(IllegalStateException refused) {
        return new Failure(DriverException.Kind.BUSY, GapCause.UNKNOWN, refused.getMessage());
    }

    /** A fault of ours. */
    public static Failure internal(Throwable fault) {
        return new Failure(DriverException.Kind.BUSY, GapCause.UNKNOWN, "internal fault: " + fault);
    }

    public DriverException exception() {
        return new DriverException(kind, detail);
    }
}
