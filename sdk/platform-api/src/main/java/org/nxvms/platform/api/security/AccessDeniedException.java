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
        /** A second factor must be enrolled first: answer 403. */
        SECOND_FACTOR_REQUIRED,
        /** The right is missing: answer 403. */
        FORBIDDEN,
        /** Not even that it is there may be known: answer 404, in the words for what is not there. */
        NOT_FOUND
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
