// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.kit.rtsp.RtspResponse;

/**
 * Why a session did not come about or ended.
 *
 * @param kind decides how soon another attempt makes sense
 * @param detail a sentence for people, without secrets
 */
record Failure(DriverException.Kind kind, GapCause cause, String detail) {
    private static final int REASON_CHARS_MAX = 80;

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

    /** Packets come, but too few of them for whole pictures. */
    static Failure packetLoss(String detail) {
        return new Failure(DriverException.Kind.UNREACHABLE, GapCause.PACKET_LOSS, detail);
    }

    /** TLS did not come about: mostly a certificate that nobody trusts, which someone has to decide about. */
    static Failure tls(String peer, SSLException fault) {
        Throwable told = fault;
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                told = each;
                break;
            }
        }
        return config("no TLS with " + peer + ": " + told.getMessage());
    }

    /** A fault of ours. */
    static Failure internal(Throwable fault) {
        return new Failure(DriverException.Kind.BUSY, GapCause.UNKNOWN, "internal fault: " + fault);
    }

    /** A request that the camera answered, but not with success. */
    static Failure refused(String peer, String method, RtspResponse response) {
        String answer = peer + " answers " + method + " with " + response.status() + " " + shortened(response.reason());
        return switch (response.status()) {
            case 403 -> auth(answer + "; the user may lack the right to view");
            case 404, 454 -> config(answer + "; the path of the URL is not known there");
            case 453, 503 -> busy(answer + "; too many sessions are open");
            case 461 -> unsupported(answer + "; it does not offer this transport");
            default -> protocol(answer);
        };
    }

    /** The camera's own words may be many. */
    private static String shortened(String reason) {
        return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX) + "...";
    }
}
