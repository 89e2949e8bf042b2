// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Objects;

/**
 * The one way in which talking to a device fails. The message says, for people and without secrets,
 * what happened and what to do.
 */
public class DriverException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong; a {@code switch} needs a default branch that treats it as PROTOCOL. */
    public enum Kind {
        /** Refused, time-out, no route, unknown host. Retried with back-off. */
        UNREACHABLE,
        /** Wrong or missing credentials. Retried slowly, so that no account is locked. */
        AUTH,
        /** The device answered something that is not its protocol. Retried with back-off. */
        PROTOCOL,
        /** The device or stream uses what the platform does not have (a codec). Retried slowly. */
        UNSUPPORTED,
        /** The device refuses for now, e.g. too many sessions. Retried with back-off. */
        BUSY,
        /** What the administrator entered cannot work. Not retried until changed. */
        CONFIG,
        /**
         * The session was closed, or has run out, before anything of the call was sent: the platform may repeat it in a new
         * one. What may have been sent already and was not answered is UNREACHABLE.
         */
        CLOSED,
        /**
         * What the call names is not there: a preset, a port.
         *
         * @since 1.2
         */
        NOT_FOUND
    }

    private final Kind kind;

    public DriverException(Kind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public DriverException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }
}
