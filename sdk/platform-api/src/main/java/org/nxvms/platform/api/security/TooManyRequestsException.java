// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

/** Refused for now: who is calling may, but asks too often. Answer 429. */
public final class TooManyRequestsException extends AccessDeniedException {
    private static final long serialVersionUID = 1L;

    private final int retryAfterSeconds;

    /** @param retryAfterSeconds when to try again, at least 1 */
    public TooManyRequestsException(String message, int retryAfterSeconds) {
        super(Kind.FORBIDDEN, message);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
