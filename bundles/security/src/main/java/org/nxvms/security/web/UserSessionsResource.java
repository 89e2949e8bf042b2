// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
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
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.security.account.Sessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where somebody is signed in, for those who manage users. */
@Path("{id}/sessions")
@Server(url = UsersResource.BASE)
@Tag(name = "Users")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class UserSessionsResource {
    private static final Logger LOG = LoggerFactory.getLogger(UserSessionsResource.class);

    private final UserDirectory users;
    private final Sessions sessions;
    private final Delegation delegation;

    UserSessionsResource(UserDirectory users, Sessions sessions, Delegation delegation) {
        this.users = users;
        this.sessions = sessions;
        this.delegation = delegation;
    }

    @GET
    @Operation(summary = "Lists a user's sessions, seen last first")
    public Page<SessionView> list(@PathParam("id") UUID id) {
        return SessionView.page(sessions.list(require(id).id()), Optional.empty());
    }

    @Audited("session.ended")
    @DELETE
    @Operation(summary = "Ends all sessions of a user")
    @ApiResponse(responseCode = "204", description = "Ended")
    public Response endAll(
            @PathParam("id") UUID id, @Context SecurityContext security, @Context HttpServletRequest request) {
        User user = require(id);
        new AuditFields("user/" + user.username(), Map.of(), Map.of("sessions", "all")).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        sessions.endAll(id, Optional.empty());
        LOG.info("{} ended all sessions of user {}", Caller.of(security).getName(), user.username());
        return Response.noContent().build();
    }

    @Audited("session.ended")
    @DELETE
    @Path("{session}")
    @Operation(summary = "Ends one session of a user, its access tokens included")
    @ApiResponse(responseCode = "204", description = "Ended")
    public Response end(
            @PathParam("id") UUID id,
            @PathParam("session") UUID session,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User user = require(id);
        new AuditFields("user/" + user.username(), Map.of(), Map.of("sessions", session.toString())).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        sessions.end(id, session);
        LOG.info("{} ended a session of user {}", Caller.of(security).getName(), user.username());
        return Response.noContent().build();
    }

    private User require(UUID id) {
        return UsersResource.require(users, id);
    }
}
