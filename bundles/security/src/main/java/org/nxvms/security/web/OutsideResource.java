// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.rest.kit.jaxrs.Open;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;

/** Signing in by a provider that browsers are sent to: where they begin, and how they come in when they are back. */
@Path("outside")
@Server(url = AuthResource.BASE)
@Tag(name = "Sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class OutsideResource {
    private final Tickets tickets;
    private final SignIn signIn;
    private final TokenGuard guard;
    private final SessionAnswers answers;

    OutsideResource(Tickets tickets, SignIn signIn, TokenGuard guard, SessionAnswers answers) {
        this.tickets = tickets;
        this.signIn = signIn;
        this.guard = guard;
        this.answers = answers;
    }

    /** A way in that begins elsewhere. */
    @Schema(name = "WayIn")
    public record WayIn(
            String id,
            @Schema(description = "For people, as on a button") String title,
            @Schema(description = "Where a browser goes to begin") String path) {}

    /** Body of the end of a sign-in elsewhere. */
    @Schema(name = "OutsideLogin")
    public record OutsideLogin(
            @Schema(description = "A one-time code or a recovery code, for users with a second factor")
                    Optional<String> totp) {
        public OutsideLogin {
            Objects.requireNonNull(totp, "totp");
        }

        /** Shows no code. */
        @Override
        public String toString() {
            return "OutsideLogin[]";
        }
    }

    @GET
    @Open
    @Operation(summary = "Lists the ways to sign in that begin elsewhere")
    @SecurityRequirements
    public Page<WayIn> list() {
        return Page.whole(tickets.ways().entrySet().stream()
                .map(way -> new WayIn(
                        way.getKey(), way.getValue().title(), way.getValue().path()))
                .toList());
    }

    @Unaudited("SignIn notes who came in and who was refused")
    @POST
    @Open
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Signs in who has proved elsewhere to be somebody",
            description = "By the ticket that the browser was given in a cookie when it came back; good once, for five"
                    + " minutes. Answers as the login with cookies does.")
    @SecurityRequirements
    @ApiResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = AuthResource.Session.class)))
    public Response login(OutsideLogin login, @Context HttpServletRequest request) {
        AuthResource.checkSameOrigin(guard, request);
        Optional<String> ticket = Optional.ofNullable(
                RequestCredentialsFactory.from(request).cookies().get(SessionCookies.TICKET_COOKIE));
        Sessions.Grant grant =
                tickets.exchange(ticket, identity -> signIn.login(identity, login.totp(), Clients.of(request)));
        Response answer = answers.begun(grant, true, request.isSecure());
        return Response.fromResponse(answer)
                .header(HttpHeaders.SET_COOKIE, SessionCookies.ticketCleared(request.isSecure()))
                .build();
    }
}
