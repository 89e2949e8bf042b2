// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import org.nxvms.media.kit.rtsp.RtspHeaders;

/** A request is answered by a status other than 200. The message is told to the client. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final transient RtspHeaders headers;

    private Refusal(int status, String reason, RtspHeaders headers, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.reason = reason;
        this.headers = headers;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    /** {@return header lines that go with it} */
    RtspHeaders headers() {
        return headers;
    }

    Refusal with(String name, String value) {
        return new Refusal(status, reason, headers.with(name, value), getMessage());
    }

    private static Refusal of(int status, String reason, String detail) {
        return new Refusal(status, reason, RtspHeaders.EMPTY, detail);
    }

    static Refusal malformed(String detail) {
        return of(400, "Bad Request", detail);
    }

    static Refusal unauthorized(String detail) {
        return of(401, "Unauthorized", detail);
    }

    static Refusal forbidden(String detail) {
        return of(403, "Forbidden", detail);
    }

    static Refusal notFound(String detail) {
        return of(404, "Not Found", detail);
    }

    static Refusal notUnderstood(String detail) {
        return of(451, "Parameter Not Understood", detail);
    }

    static Refusal tooMany(String detail) {
        return of(453, "Not Enough Bandwidth", detail);
    }

    static Refusal noSession() {
        return of(454, "Session Not Found", "There is no such session on this connection. Begin with SETUP.");
    }

    static Refusal notNow(String detail) {
        return of(455, "Method Not Valid in This State", detail);
    }

    static Refusal badRange(String detail) {
        return of(457, "Invalid Range", detail);
    }

    static Refusal notTogether(String detail) {
        return of(459, "Aggregate Operation Not Allowed", detail);
    }

    static Refusal unsupportedTransport(String detail) {
        return of(461, "Unsupported Transport", detail);
    }

    static Refusal notImplemented(String detail) {
        return of(501, "Not Implemented", detail);
    }

    static Refusal unavailable(String detail, int retryAfterSeconds) {
        return of(503, "Service Unavailable", detail).with("Retry-After", String.valueOf(retryAfterSeconds));
    }

    static Refusal unsupportedOption(String option) {
        return of(551, "Option not supported", "The option " + option + " is not known here.")
                .with("Unsupported", option);
    }
}
