// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

/** A provider cannot be asked now. The message says which, why, and without secrets. */
public final class AuthenticationUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public AuthenticationUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public AuthenticationUnavailableException(String message) {
        super(message);
    }
}
