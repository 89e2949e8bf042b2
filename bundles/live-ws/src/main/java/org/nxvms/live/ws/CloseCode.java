// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import org.nxvms.platform.api.security.AccessDeniedException;

/** WebSocket close codes (RFC 6455 7.4; 4000 and up are ours). */
final class CloseCode {
    static final int DONE = 1000;
    static final int SERVER_STOPS = 1001;
    static final int BAD_MESSAGE = 1008;
    static final int TRY_AGAIN = 1013;
    static final int UNAUTHENTICATED = 4401;
    static final int FORBIDDEN = 4403;
    static final int NO_SUCH_CAMERA = 4404;
    static final int NOT_PLAYABLE = 4409;
    /** The camera, or its driver, does not do it; the reason says why. */
    static final int CAMERA_REFUSES = 4422;
    /** Somebody else does it. */
    static final int BUSY = 4423;

    static final String NO_GUARD_REASON = "rights cannot be checked now, try again";
    static final String NO_SUCH_CAMERA_REASON = "there is no such camera";

    private CloseCode() {}

    /** {@return who may not, or is not known any more} */
    static int of(AccessDeniedException denied) {
        return switch (denied.kind()) {
            case FORBIDDEN -> FORBIDDEN;
            case NOT_FOUND -> NO_SUCH_CAMERA;
            default -> UNAUTHENTICATED;
        };
    }

    /** {@return the words for it; for what may not be known of those for what is not there} */
    static String reason(AccessDeniedException denied) {
        return denied.kind() == AccessDeniedException.Kind.NOT_FOUND ? NO_SUCH_CAMERA_REASON : denied.getMessage();
    }
}
