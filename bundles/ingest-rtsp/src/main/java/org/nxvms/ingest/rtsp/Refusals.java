// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspResponse;

/** What a camera's refusals mean: answers of RTSP that are no success, and TLS that does not come about. */
final class Refusals {
    private static final int REASON_CHARS_MAX = 80;

    private Refusals() {}

    /** TLS did not come about: mostly a certificate that nobody trusts, which someone has to decide about. */
    static Failure tls(String peer, SSLException fault) {
        Throwable told = fault;
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                told = each;
                break;
            }
        }
        return Failure.config("no TLS with " + peer + ": " + told.getMessage());
    }

    /** A request that the camera answered, but not with success. */
    static Failure of(String peer, String method, RtspResponse response) {
        String answer = peer + " answers " + method + " with " + response.status() + " " + shortened(response.reason());
        return switch (response.status()) {
            case 403 -> Failure.auth(answer + "; the user may lack the right to view");
            case 404, 454 -> Failure.config(answer + "; the path of the URL is not known there");
            case 453, 503 -> Failure.busy(answer + "; too many sessions are open");
            case 461 -> Failure.unsupported(answer + "; it does not offer this transport");
            default -> Failure.protocol(answer);
        };
    }

    /** The camera's own words may be many. */
    private static String shortened(String reason) {
        return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX) + "...";
    }
}
