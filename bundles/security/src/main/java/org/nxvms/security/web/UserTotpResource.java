// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.UUID;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.factor.SecondFactors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The second factor of somebody who has lost it, for those who manage users. */
@Path("{id}/totp")
@Server(url = UsersResource.BASE)
@Tag(name = "Users")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class UserTotpResource {
    private static final Logger LOG = LoggerFactory.getLogger(UserTotpResource.class);

    private final UserDirectory users;
    private final SecondFactors factors;
    private final Delegation delegation;

    UserTotpResource(UserDirectory users, SecondFactors factors, Delegation delegation) {
        this.users = users;
        this.factors = factors;
        this.delegation = delegation;
    }

    @GET
    @Operation(summary = "Says whether a user has a second factor")
    public TotpResource.TotpState get(@PathParam("id") UUID id) {
        return TotpResource.state(factors, UsersResource.require(users, id).id());
    }

    @Audited("totp.removed")
    @DELETE
    @Operation(summary = "Removes a user's second factor; the user signs in by the password alone then")
    @ApiResponse(responseCode = "204", description = "Removed, or there was none")
    @ApiResponse(responseCode = "409", description = "It is the caller's own")
    public Response remove(
            @PathParam("id") UUID id, @Context SecurityContext security, @Context HttpServletRequest request) {
        User user = UsersResource.require(users, id);
        new AuditFields("user/" + user.username(), Map.of(), Map.of()).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        if (Caller.of(security).user().id().equals(id)) {
            throw Problem.conflict("This is your own. Removing it takes your password and a code: POST"
                            + " /api/v1/auth/totp/remove.")
                    .exception();
        }
        if (factors.remove(id)) {
            LOG.warn(
                    "{} removed the second factor of user {}",
                    Caller.of(security).getName(),
                    user.username());
        }
        return Response.noContent().build();
    }
}
