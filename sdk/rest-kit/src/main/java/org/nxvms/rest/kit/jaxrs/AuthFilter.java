// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.UriInfo;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;

/**
 * Asks the guard before a resource method runs: who is calling, and has the caller the rights that
 * {@link Requires} names. A method without a mark is refused.
 */
final class AuthFilter implements ContainerRequestFilter {
    private final Supplier<AccessGuard> guards;
    private final RequestChecks checks = new RequestChecks();
    private final IdempotencyKeys keys;

    @Context
    private ResourceInfo resource;

    @Context
    private HttpServletRequest servletRequest;

    AuthFilter(Supplier<AccessGuard> guards, IdempotencyKeys keys) {
        this.guards = guards;
        this.keys = keys;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        RequestCredentials credentials = RequestCredentialsFactory.from(servletRequest, request.getMethod());
        if (method.isAnnotationPresent(Open.class)) {
            greet(request, credentials);
        } else {
            admit(request, credentials, method);
        }
        // Only now: strangers learn nothing about parameters.
        checks.check(method, request.getUriInfo());
        checks.checkCondition(method, request.getHeaderString(HttpHeaders.IF_MATCH));
        keys.check(request, method);
    }

    private void admit(ContainerRequestContext request, RequestCredentials credentials, Method method) {
        Requires requires = requires(method);
        AccessGuard guard = Absent.require(guards.get(), "The access guard");
        try {
            AuthenticatedUser user = guard.authenticate(credentials);
            // Before the rights are looked at: who was refused is noted by name.
            remember(request, credentials, new Caller(user, guard));
            Optional<UUID> camera = camera(requires, request.getUriInfo());
            if (camera.isPresent() && requires.value().length == 0) {
                guard.requireSight(user, camera.get());
            }
            for (Permission permission : requires.value()) {
                if (requires.anywhere()) {
                    guard.requireAnywhere(user, permission);
                } else {
                    guard.require(user, permission, camera);
                }
            }
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    /** An open method learns who is calling if that can be told; bad credentials are as good as none. */
    private void greet(ContainerRequestContext request, RequestCredentials credentials) {
        AccessGuard guard = guards.get();
        boolean offered = credentials.authorization().isPresent()
                || credentials.cookies().containsKey(AccessGuard.SESSION_COOKIE);
        if (guard == null || !offered) {
            return;
        }
        try {
            remember(request, credentials, new Caller(guard.authenticate(credentials), guard));
        } catch (AccessDeniedException e) {
            // Open to strangers too.
            return;
        }
    }

    private static void remember(ContainerRequestContext request, RequestCredentials credentials, Caller caller) {
        String scheme = credentials.authorization().isPresent() ? "Bearer" : "Cookie";
        request.setSecurityContext(new Caller.Context(caller, credentials.secure(), scheme));
    }

    private static Requires requires(Method method) {
        Requires onMethod = method.getAnnotation(Requires.class);
        Requires requires = onMethod == null ? method.getDeclaringClass().getAnnotation(Requires.class) : onMethod;
        if (requires == null) {
            throw new IllegalStateException(method + " has neither @Requires nor @Open");
        }
        return requires;
    }

    private static Optional<UUID> camera(Requires requires, UriInfo uri) {
        if (requires.camera().isEmpty()) {
            return Optional.empty();
        }
        String id = uri.getPathParameters().getFirst(requires.camera());
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.notFound(
                            "There is no camera \"" + id + "\": an id is a UUID. GET /api/v1/cameras lists them."),
                    e);
        }
    }
}
