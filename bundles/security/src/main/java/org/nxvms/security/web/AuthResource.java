// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserStore.StoredToken;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Open;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.rights.Bits;
import org.nxvms.security.rights.Decisions;

/** Login, refresh, logout, who am I, password. Programs carry tokens, the console carries cookies. */
@Path("/")
@Server(url = AuthResource.BASE)
@Tag(name = "Sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class AuthResource {
    static final String BASE = "/api/v1/auth";

    private final Sessions sessions;
    private final SignIn signIn;
    private final TokenGuard guard;
    private final Decisions decisions;
    private final SessionAnswers answers;

    AuthResource(Sessions sessions, SignIn signIn, TokenGuard guard, Decisions decisions, SessionAnswers answers) {
        this.decisions = decisions;
        this.answers = answers;
        this.sessions = sessions;
        this.signIn = signIn;
        this.guard = guard;
    }

    /**
     * Body of a login.
     *
     * @param totp a one-time code or a recovery code, for users with a second factor
     * @param cookie hand the tokens out as cookies instead
     */
    public record Login(String username, String password, Optional<String> totp, Optional<Boolean> cookie) {
        public Login {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Login[" + username + "]";
        }
    }

    /** Body of a refresh or logout; everything in it may be in a cookie instead. */
    public record Refresh(Optional<String> refreshToken) {
        /** Shows no token. */
        @Override
        public String toString() {
            return "Refresh[]";
        }
    }

    /** Body of a password change. */
    public record PasswordChange(String currentPassword, String newPassword) {
        public PasswordChange {
            Objects.requireNonNull(currentPassword, "currentPassword");
            Objects.requireNonNull(newPassword, "newPassword");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "PasswordChange[]";
        }
    }

    /** Who is signed in. */
    public record Me(
            UUID id,
            String username,
            String role,
            boolean mustChangePassword,
            @Schema(description = "Whether a second factor must be enrolled before anything else")
                    boolean mustEnrolSecondFactor,
            @Schema(description = "Who keeps the password; absent when this server does") Optional<String> provider,
            @Schema(description = "What the caller may do at one place at least") Set<Permission> permissions) {}

    /** Who signed in, as part of a session. */
    public record SignedIn(
            UUID id,
            String username,
            String role,
            @Schema(description = "Whether a second factor must be enrolled before anything else")
                    boolean mustEnrolSecondFactor,
            @Schema(description = "What the user may do at one place at least") Set<Permission> permissions) {}

    /** Answer of login and refresh; without tokens when they travel as cookies. */
    public record Session(
            Optional<String> accessToken,
            Optional<String> refreshToken,
            long expiresInSeconds,
            boolean mustChangePassword,
            SignedIn user) {
        /** Shows no token. */
        @Override
        public String toString() {
            return "Session[" + user.username() + "]";
        }
    }

    @Unaudited("SignIn notes who came in and who was refused")
    @POST
    @Path("login")
    @Open
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Signs in")
    @SecurityRequirements
    @ApiResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = Session.class)))
    public Response login(Login login, @Context HttpServletRequest request) {
        boolean cookie = login.cookie().orElse(false);
        if (cookie) {
            checkSameOrigin(guard, request);
        }
        Sessions.Grant grant = signIn.login(login.username(), login.password(), login.totp(), Clients.of(request));
        return answers.begun(grant, cookie, request.isSecure());
    }

    @Unaudited("a session goes on; a token that is used twice is noted by Sessions")
    @POST
    @Path("refresh")
    @Open
    @Operation(summary = "Exchanges a refresh token; works once per token")
    @RequestBody(content = @Content(schema = @Schema(implementation = Refresh.class)))
    @SecurityRequirements
    @ApiResponse(
            responseCode = "200",
            description = "Still signed in",
            content = @Content(schema = @Schema(implementation = Session.class)))
    public Response refresh(InputStream body, @Context HttpServletRequest request) throws IOException {
        Optional<String> sent = sentToken(body);
        if (sent.isPresent()) {
            return answers.of(sessions.refresh(sent.get(), Clients.of(request)), false, request.isSecure())
                    .build();
        }
        RequestCredentials credentials = RequestCredentialsFactory.from(request);
        String token = cookieToken(credentials).orElseThrow(() -> Problem.unauthenticated(
                        "Send \"refreshToken\" in the body, or the cookie of a console session.")
                .exception());
        StoredToken stored = sessions.find(token)
                .orElseThrow(() -> Problem.unauthenticated("The session has ended. Sign in again.")
                        .exception());
        checkCsrf(credentials, stored.family());
        return answers.of(sessions.refresh(token, Clients.of(request)), true, request.isSecure())
                .build();
    }

    @Audited("auth.logout")
    @POST
    @Path("logout")
    @Open
    @Operation(
            summary = "Ends this session, its access tokens included",
            description = "Also when the access token has ended already: then by the refresh token, in the body or the"
                    + " cookie. Cookies are cleared whether or not there was a session.")
    @SecurityRequirements
    @RequestBody(content = @Content(schema = @Schema(implementation = Refresh.class)))
    @ApiResponse(responseCode = "204", description = "Signed out")
    public Response logout(InputStream body, @Context HttpServletRequest request) throws IOException {
        RequestCredentials credentials = RequestCredentialsFactory.from(request);
        Optional<Sessions.Caller> caller = callerIfAny(credentials);
        Optional<StoredToken> sent = sentToken(body).flatMap(sessions::find);
        if (caller.isPresent()) {
            sessions.logout(caller.get().session());
            sent = sent.filter(
                    token -> token.userId().equals(caller.get().account().id()));
        } else if (sent.isEmpty()) {
            sent = cookieToken(credentials).flatMap(sessions::find);
            sent.ifPresent(token -> checkCsrf(credentials, token.family()));
        }
        sent.ifPresent(token -> sessions.logout(token.family()));
        Response.ResponseBuilder answer = Response.noContent();
        SessionCookies.cleared(request.isSecure()).forEach(cookie -> answer.header(HttpHeaders.SET_COOKIE, cookie));
        return answer.build();
    }

    @GET
    @Path("me")
    @Requires({})
    @Operation(summary = "Says who is signed in")
    public Me me(@Context SecurityContext security) {
        AuthenticatedUser user = Caller.of(security).user();
        return new Me(
                user.id(),
                user.username(),
                user.role(),
                user.mustChangePassword(),
                decisions.mustEnrol(user),
                signIn.providerOf(user.id()),
                Bits.set(decisions.somewhere(user)));
    }

    @Audited("auth.password_changed")
    @POST
    @Path("password")
    @Requires({})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Changes the caller's own password; all other sessions of the user end")
    @ApiResponse(responseCode = "204", description = "Changed")
    @ApiResponse(responseCode = "409", description = "The password is kept by who proves the user")
    public Response changePassword(PasswordChange change, @Context HttpServletRequest request) {
        signIn.changePassword(caller(request), change.currentPassword(), change.newPassword(), Clients.of(request));
        return Response.noContent().build();
    }

    /** The console has its token in a cookie and sends no body, and then no media type either. */
    private static Optional<String> sentToken(InputStream body) throws IOException {
        PushbackInputStream content = new PushbackInputStream(body);
        int first = content.read();
        if (first < 0) {
            return Optional.empty();
        }
        content.unread(first);
        return ((Refresh) Json.readBody(content, Refresh.class)).refreshToken();
    }

    private static Optional<String> cookieToken(RequestCredentials credentials) {
        return Optional.ofNullable(credentials.cookies().get(SessionCookies.REFRESH_COOKIE))
                .filter(value -> !value.isEmpty());
    }

    /** Who signs out need not be signed in any more. */
    private Optional<Sessions.Caller> callerIfAny(RequestCredentials credentials) {
        try {
            return Optional.of(guard.caller(credentials));
        } catch (AccessDeniedException e) {
            if (e.kind() == AccessDeniedException.Kind.UNAUTHENTICATED) {
                return Optional.empty();
            }
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    private Sessions.Caller caller(HttpServletRequest request) {
        return SessionsResource.caller(guard, request);
    }

    private void checkCsrf(RequestCredentials credentials, UUID session) {
        try {
            guard.checkOrigin(credentials, session);
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    /** Another site must not sign a browser in as somebody else. */
    static void checkSameOrigin(TokenGuard guard, HttpServletRequest request) {
        try {
            guard.checkOrigin(RequestCredentialsFactory.from(request));
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }
}
