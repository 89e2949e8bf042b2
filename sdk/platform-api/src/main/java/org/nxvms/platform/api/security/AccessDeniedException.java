// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;

/** A request was refused. The message says why and what to do, without secrets. */
public class AccessDeniedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** No or bad credentials: answer 401. */
        UNAUTHENTICATED,
        /** CSRF token or Origin missing or wrong: answer 403. */
        CSRF,
        /** The initial password must be changed first: answer 403. */
        PASSWORD_CHANGE_REQUIRED,
        /** The right is missing: answer 403. */
        FORBIDDEN
    }

    private final Kind kind;

    public AccessDeniedException(Kind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }
}
