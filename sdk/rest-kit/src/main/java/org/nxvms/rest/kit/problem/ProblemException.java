// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.util.Objects;

/** Ends a request with a problem. Thrown by resources and helpers, answered by the shared mappers. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    public ProblemException(Problem problem, Throwable cause) {
        // No stack trace: it says nothing about a caller's mistake.
        super(problem.name() + ": " + problem.detail(), cause, false, false);
        this.problem = Objects.requireNonNull(problem, "problem");
    }

    public Problem problem() {
        return problem;
    }
}
