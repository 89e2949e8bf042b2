// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.platform.api.security.UserDirectory.UserChange;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.FieldError;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.account.NameTakenException;

/** Lists, adds, changes and removes users, which is an event of who did it, and sets passwords that were lost. */
@Path("/")
@Server(url = UsersResource.BASE)
@Tag(name = "Users")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class UsersResource {
    static final String BASE = "/api/v1/users";

    private final UserDirectory users;
    private final UserEvents events;
    private final Delegation delegation;

    UsersResource(UserDirectory users, UserEvents events, Delegation delegation) {
        this.users = users;
        this.events = events;
        this.delegation = delegation;
    }

    /**
     * A user to add.
     *
     * @param mustChangePassword default true: a password somebody else chose is for the first login only
     */
    public record UserDraft(String username, String password, String role, Optional<Boolean> mustChangePassword) {
        public UserDraft {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(role, "role");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "UserDraft[" + username + ", " + role + "]";
        }
    }

    @GET
    @Operation(summary = "Lists all users, by name")
    public Page<User> list() {
        return Page.whole(users.list());
    }

    /** What of a user may be changed; what is left out stays. */
    public record UserPatch(
            @Schema(description = "Name of a role, which is the user's everywhere") Optional<String> role,
            @Schema(description = "Cannot sign in; open sessions end at once") Optional<Boolean> disabled) {}

    @GET
    @Path("{id}")
    @Operation(summary = "One user")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = User.class)))
    public Response get(@PathParam("id") UUID id) {
        return Tagged.ok(require(id));
    }

    @Audited("user.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds a user")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = User.class)))
    @ApiResponse(responseCode = "409", description = "There is a user of that name")
    public Response add(UserDraft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        new AuditFields("user/" + draft.username(), Map.of(), Map.of("role", draft.role())).of(request);
        delegation.requireSession(request);
        delegation.requireRole(security, draft.role(), AccessScope.SITE);
        try {
            User user = users.add(
                    draft.username(),
                    draft.password(),
                    draft.role(),
                    draft.mustChangePassword().orElse(true));
            events.added(user, Caller.of(security).getName());
            return Response.created(URI.create(user.id().toString()))
                    .header(HttpHeaders.ETAG, Tagged.tag(user))
                    .entity(user)
                    .build();
        } catch (NameTakenException e) {
            String detail = "There is a user \"" + draft.username() + "\" already. Choose another name.";
            throw new ProblemException(
                    Problem.conflict(detail).withErrors(List.of(new FieldError("username", detail))), e);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    @Audited("user.changed")
    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Changes a user's role, or disables or enables the user",
            description =
                    "A role counts from the next request on. The sessions of a disabled user end at once, and what"
                            + " goes on (live view, the event stream) within 5 s. 409 for the last administrator who can sign in.")
    @ApiResponse(
            responseCode = "200",
            description = "The user as it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = User.class)))
    @ApiResponse(responseCode = "409", description = "It is the last administrator who can sign in")
    public Response change(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            UserPatch patch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User before = require(id);
        new AuditFields("user/" + before.username(), fields(before), wished(patch)).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, before);
        patch.role().ifPresent(role -> delegation.requireRole(security, role, AccessScope.SITE));
        Optional<User> seen = seen(ifMatch, before);
        try {
            User after = users.change(id, seen, new UserChange(patch.role(), patch.disabled()));
            if (!after.equals(before)) {
                events.changed(before, after, Caller.of(security).getName());
            }
            return Tagged.ok(after);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage()).exception();
        }
    }

    /**
     * A password for somebody who has lost the own.
     *
     * @param mustChangePassword default true: a password somebody else chose is for the next login only
     */
    public record NewPassword(String password, Optional<Boolean> mustChangePassword) {
        public NewPassword {
            Objects.requireNonNull(password, "password");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "NewPassword";
        }
    }

    @Audited("auth.password_changed")
    @PUT
    @Path("{id}/password")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sets the password of another user who has lost it",
            description = "All sessions of the user end; a second factor stays as it is. 422 on password also for users"
                    + " whose password is kept outside.")
    @ApiResponse(responseCode = "204", description = "Set")
    @ApiResponse(responseCode = "409", description = "It is the caller, who changes the own by the one there is")
    public Response setPassword(
            @PathParam("id") UUID id,
            NewPassword wanted,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User user = require(id);
        new AuditFields("user/" + user.username(), Map.of(), Map.of()).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        if (Caller.of(security).user().id().equals(id)) {
            throw Problem.conflict(
                            "This is you. Change your own password with POST /api/v1/auth/password, which asks for"
                                    + " the one you have.")
                    .exception();
        }
        try {
            users.setPassword(
                    user.username(),
                    wanted.password(),
                    wanted.mustChangePassword().orElse(true));
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
        return Response.noContent().build();
    }

    @Audited("user.removed")
    @DELETE
    @Path("{id}")
    @Operation(summary = "Removes a user; the user's sessions end at once")
    @ApiResponse(responseCode = "204", description = "Removed")
    @ApiResponse(responseCode = "409", description = "It is the last administrator who can sign in")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User user = require(id);
        new AuditFields("user/" + user.username(), fields(user), Map.of()).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        Optional<User> seen = seen(ifMatch, user);
        try {
            users.remove(id, seen);
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage()).exception();
        }
        events.removed(user, Caller.of(security).getName());
        return Response.noContent().build();
    }

    private static Optional<User> seen(String ifMatch, User now) {
        return Etags.requireMatch(ifMatch, Tagged.tag(now), "The user") ? Optional.of(now) : Optional.empty();
    }

    private static Map<String, String> fields(User user) {
        return Map.of("role", user.role(), "disabled", Boolean.toString(user.disabled()));
    }

    private static Map<String, String> wished(UserPatch patch) {
        Map<String, String> wished = new HashMap<>();
        patch.role().ifPresent(role -> wished.put("role", role));
        patch.disabled().ifPresent(disabled -> wished.put("disabled", disabled.toString()));
        return wished;
    }

    private User require(UUID id) {
        return require(users, id);
    }

    /** @throws NoSuchResourceException when there is no such user */
    static User require(UserDirectory users, UUID id) {
        return users.list().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchResourceException("There is no user " + id + "."));
    }

    /** The message begins with the name of the field. */
    private static ProblemException invalid(IllegalArgumentException e) {
        String field = e.getMessage().split(" ", 2)[0];
        return new ProblemException(Problem.validation(field, e.getMessage() + "."), e);
    }
}
