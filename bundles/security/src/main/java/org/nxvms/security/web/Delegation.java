// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.UUID;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.rights.Bits;
import org.nxvms.security.rights.Decisions;

/**
 * Nobody gives away what is not the own: who manages users without being administrator gives roles no further than the own
 * rights reach, and changes nothing about a user who may more.
 */
final class Delegation {
    private final TokenGuard guard;
    private final Decisions decisions;

    Delegation(TokenGuard guard, Decisions decisions) {
        this.guard = guard;
        this.decisions = decisions;
    }

    /**
     * Who may do what is changed by people: a key that was copied must not make itself another way in.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 403 for API keys
     */
    void requireSession(HttpServletRequest request) {
        SessionsResource.caller(guard, request);
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException 403 saying that only administrators do this */
    void requireAdministrator(SecurityContext context, String what) {
        if (!isAdministrator(context)) {
            throw Problem.forbidden("Only an administrator " + what + ".").exception();
        }
    }

    /**
     * What the caller has at the place and keeps at every place below it.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 403 naming what the caller does not have
     */
    void requireReach(SecurityContext context, long bits, AccessScope scope) {
        AuthenticatedUser caller = Caller.of(context).user();
        long missing = bits & ~decisions.reach(caller, scope);
        if (missing != 0) {
            throw Problem.forbidden("You cannot give what you do not have everywhere in " + scope + ": "
                            + Bits.set(missing).stream().map(Bits::name).collect(Collectors.joining(", "))
                            + ". Ask an administrator.")
                    .exception();
        }
    }

    /** As {@link #requireReach}, for a role of that name: the administrator's can be given by administrators only. */
    void requireRole(SecurityContext context, String role, AccessScope scope) {
        if (role.equals(UserStore.ADMINISTRATOR) && !isAdministrator(context)) {
            throw Problem.forbidden("Only an administrator makes administrators.")
                    .exception();
        }
        requireReach(context, decisions.rules().bits(role), scope);
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException 403 when the user may more than the caller */
    void requireOver(SecurityContext context, User user) {
        if (isAdministrator(context) || isSelf(context, user.id())) {
            return;
        }
        if (user.role().equals(UserStore.ADMINISTRATOR)) {
            throw Problem.forbidden("Only an administrator changes an administrator.")
                    .exception();
        }
        requireReach(context, decisions.rules().bits(user.role()), AccessScope.SITE);
        for (StoredGrant grant : decisions.rules().grants(user.id())) {
            if (!grant.denied()) {
                requireReach(context, decisions.rules().bits(grant.role()), grant.scope());
            }
        }
    }

    private static boolean isAdministrator(SecurityContext context) {
        AuthenticatedUser caller = Caller.of(context).user();
        return caller.role().equals(UserStore.ADMINISTRATOR);
    }

    private static boolean isSelf(SecurityContext context, UUID id) {
        return Caller.of(context).user().id().equals(id);
    }
}
