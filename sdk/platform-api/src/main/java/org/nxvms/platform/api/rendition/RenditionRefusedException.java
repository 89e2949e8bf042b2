// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.rendition;

/** A rendition is not made. The message says why, and what to do, for people. */
public final class RenditionRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int retryAfterSeconds;

    /** @param retryAfterSeconds when to ask again; 0 when the same will never be made */
    public RenditionRefusedException(String message, int retryAfterSeconds) {
        super(message);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** {@return when to ask again; 0 when what was asked for can never be made} */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
