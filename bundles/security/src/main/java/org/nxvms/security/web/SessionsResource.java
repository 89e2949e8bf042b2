// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
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
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;

/** Where the caller is signed in, and signing out there. */
@Path("sessions")
@Server(url = AuthResource.BASE)
@Tag(name = "Sessions")
@Produces(MediaType.APPLICATION_JSON)
@Requires({})
public final class SessionsResource {
    private final Sessions sessions;
    private final TokenGuard guard;

    SessionsResource(Sessions sessions, TokenGuard guard) {
        this.sessions = sessions;
        this.guard = guard;
    }

    /** {@return the caller with the session, which the shared filter does not know} */
    static Sessions.Caller caller(TokenGuard guard, HttpServletRequest request) {
        try {
            return guard.caller(RequestCredentialsFactory.from(request));
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    @GET
    @Operation(summary = "Lists the caller's sessions, seen last first")
    public Page<SessionView> list(@Context HttpServletRequest request) {
        Sessions.Caller caller = caller(guard, request);
        return SessionView.page(sessions.list(caller.account().id()), Optional.of(caller.session()));
    }

    @Audited("session.ended")
    @DELETE
    @Operation(summary = "Ends all sessions of the caller but the one that asks")
    @ApiResponse(responseCode = "204", description = "Ended")
    public Response endOthers(@Context HttpServletRequest request) {
        Sessions.Caller caller = caller(guard, request);
        sessions.endAll(caller.account().id(), Optional.of(caller.session()));
        return Response.noContent().build();
    }

    @Audited("session.ended")
    @DELETE
    @Path("{id}")
    @Operation(summary = "Ends one of the caller's sessions, its access tokens included")
    @ApiResponse(responseCode = "204", description = "Ended")
    public Response end(@PathParam("id") UUID id, @Context HttpServletRequest request) {
        sessions.end(caller(guard, request).account().id(), id);
        return Response.noContent().build();
    }
}
