// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** Lists, adds and removes users. */
@Path("/")
@Server(url = UsersResource.BASE)
@Tag(name = "Users")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class UsersResource {
    static final String BASE = "/api/v1/users";

    private final UserDirectory users;

    UsersResource(UserDirectory users) {
        this.users = users;
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

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds a user")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = User.class)))
    public Response add(UserDraft draft) {
        try {
            User user = users.add(
                    draft.username(),
                    draft.password(),
                    draft.role(),
                    draft.mustChangePassword().orElse(true));
            return Response.created(URI.create(user.id().toString()))
                    .entity(user)
                    .build();
        } catch (IllegalArgumentException e) {
            String field = e.getMessage().split(" ", 2)[0];
            throw Problem.validation(field, e.getMessage() + ".").exception();
        }
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Removes a user; the user's sessions end at once")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(@PathParam("id") UUID id) {
        User user = users.list().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchResourceException("There is no user " + id));
        try {
            users.remove(user.username());
        } catch (IllegalArgumentException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
        return Response.noContent().build();
    }
}
