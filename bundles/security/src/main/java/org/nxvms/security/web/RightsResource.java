// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.rights.Decisions;

/** Why a user may do what where. */
@Path("{id}/rights")
@Server(url = UsersResource.BASE)
@Tag(name = "Roles")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class RightsResource {
    private final UserDirectory users;
    private final Decisions decisions;

    RightsResource(UserDirectory users, Decisions decisions) {
        this.users = users;
        this.decisions = decisions;
    }

    @GET
    @Operation(
            summary = "What a user may do at a place, each right with the reason",
            description = "Says which grant or denial decides, by which role, at which place, and what it overrules.")
    public RightsView rights(
            @PathParam("id") UUID id,
            @Parameter(description = "site (default), server/{id}, group/{path} or camera/{id}") @QueryParam("scope")
                    String scope,
            @Context SecurityContext security) {
        User user = UsersResource.require(users, id);
        AccessScope place = scope == null ? AccessScope.SITE : GrantsResource.scope(scope);
        if (place.type() == AccessScope.Type.CAMERA) {
            Caller.of(security).requireSight(UUID.fromString(place.id()));
        }
        return decisions
                .explain(user.id(), user.role(), place)
                .map(verdicts -> RightsView.of(place, verdicts))
                .orElseThrow(() -> Problem.noCamera(UUID.fromString(place.id())).exception());
    }
}
