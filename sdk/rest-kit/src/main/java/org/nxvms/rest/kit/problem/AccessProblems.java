// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.TooManyRequestsException;

/** A refusal of the guard as a problem. */
public final class AccessProblems {
    private AccessProblems() {}

    public static Problem of(AccessDeniedException e) {
        if (e instanceof TooManyRequestsException often) {
            return Problem.tooManyRequests(often.getMessage(), often.retryAfterSeconds());
        }
        return switch (e.kind()) {
            case UNAUTHENTICATED -> Problem.unauthenticated(e.getMessage());
            case CSRF -> Problem.csrf(e.getMessage());
            case PASSWORD_CHANGE_REQUIRED -> Problem.passwordChangeRequired(e.getMessage());
            case SECOND_FACTOR_REQUIRED -> Problem.secondFactorRequired(e.getMessage());
            case FORBIDDEN -> Problem.forbidden(e.getMessage());
            case NOT_FOUND -> Problem.notFound(e.getMessage());
        };
    }
}
