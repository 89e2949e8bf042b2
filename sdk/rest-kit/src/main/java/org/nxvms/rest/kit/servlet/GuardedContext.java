// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import java.io.IOException;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.osgi.service.http.context.ServletContextHelper;

/**
 * A servlet context that nobody enters without valid credentials (401, 403, or 503 while the guard is away).
 * Whether they allow a camera is each servlet's question; who came stands in {@link #user}. Registered by
 * {@code ContextGate}.
 */
public abstract class GuardedContext extends ServletContextHelper {
    /** {@return the guard now, null while it is absent} Read from a dynamic reference. */
    protected abstract AccessGuard guard();

    /** {@return who sent a request that came through a guarded context} */
    public static AuthenticatedUser user(HttpServletRequest request) {
        if (request.getAttribute(AuthenticatedUser.class.getName()) instanceof AuthenticatedUser user) {
            return user;
        }
        throw new IllegalStateException("The request did not come through a guarded context");
    }

    /**
     * {@return what a caller with valid credentials is answered instead of being let through} Who is let through is told to
     * {@link #finishSecurity} when filters and servlets have returned.
     */
    protected Optional<Problem> refusal(HttpServletRequest request) {
        return Optional.empty();
    }

    @Override
    public final boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            request.setAttribute(AuthenticatedUser.class.getName(), ServletAccess.authenticate(guard(), request));
            Optional<Problem> refusal = refusal(request);
            if (refusal.isPresent()) {
                throw refusal.get().exception();
            }
            return true;
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
            response.flushBuffer();
            return false;
        }
    }
}
