// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Who sent the request at hand. A resource method takes {@code @Context SecurityContext} and asks {@link #of}. */
public final class Caller implements Principal {
    private final AuthenticatedUser user;
    private final AccessGuard guard;

    Caller(AuthenticatedUser user, AccessGuard guard) {
        this.user = user;
        this.guard = guard;
    }

    /** @throws ProblemException 401 when nobody is signed in, which only happens in {@link Open} methods */
    public static Caller of(SecurityContext context) {
        return find(context)
                .orElseThrow(() -> Problem.unauthenticated("Sign in first.").exception());
    }

    /** {@return who is calling; empty in {@link Open} methods without valid credentials} */
    public static Optional<Caller> find(SecurityContext context) {
        return context.getUserPrincipal() instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    public AuthenticatedUser user() {
        return user;
    }

    /** @throws ProblemException 403 saying which right is missing on the server */
    public void require(Permission permission) {
        require(permission, Optional.empty());
    }

    /** @throws ProblemException 403 saying which right is missing for the camera, or 404 as if it were not there */
    public void require(Permission permission, UUID cameraId) {
        require(permission, Optional.of(cameraId));
    }

    /** {@return whether the caller has a right on the camera; to leave things out of lists} */
    public boolean may(Permission permission, UUID cameraId) {
        return may(permission, Optional.of(cameraId));
    }

    /** {@return whether the caller has a right on a camera, or on the server when there is none} */
    public boolean may(Permission permission, Optional<UUID> cameraId) {
        try {
            guard.require(user, permission, cameraId);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** {@return whether the caller has a right at some place} */
    public boolean mayAnywhere(Permission permission) {
        try {
            guard.requireAnywhere(user, permission);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** {@return whether the caller may know of the camera} */
    public boolean sees(UUID cameraId) {
        try {
            guard.requireSight(user, cameraId);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** {@return what the caller may do with a camera, in the order of the vocabulary} */
    public List<Permission> allowed(UUID cameraId) {
        return guard.allowed(user, cameraId).stream().sorted().toList();
    }

    /** @throws ProblemException 404 as for a camera that is not there, unless the caller may know of it */
    public void requireSight(UUID cameraId) {
        asking(() -> guard.requireSight(user, cameraId));
    }

    /** @throws ProblemException 403 saying which right is missing in the group where a camera is to be */
    public void requireIn(Permission permission, Optional<String> group) {
        asking(() -> guard.requireIn(user, permission, group.orElse("")));
    }

    /** {@return the roles the caller has, everywhere or at some place} */
    public Set<String> roles() {
        return guard.roles(user);
    }

    /** {@return 0..100: whose movements of a camera go before whose} */
    public int ptzPriority(UUID cameraId) {
        return guard.ptzPriority(user, cameraId);
    }

    private void require(Permission permission, Optional<UUID> cameraId) {
        asking(() -> guard.require(user, permission, cameraId));
    }

    private static void asking(Question question) {
        try {
            question.ask();
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    private interface Question {
        void ask() throws AccessDeniedException;
    }

    @Override
    public String getName() {
        return user.username();
    }

    /** The caller as JAX-RS knows one. */
    record Context(Caller caller, boolean secure, String scheme) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return caller.user.role().equals(role);
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return scheme;
        }
    }
}
