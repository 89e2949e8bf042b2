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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.rights.AccessBook;

/** Roles of a user at single places, beside the one the user has everywhere. */
@Path("{id}/grants")
@Server(url = UsersResource.BASE)
@Tag(name = "Roles")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class GrantsResource {
    private static final int PER_USER_MAX = 500;

    private final UserDirectory users;
    private final AccessBook book;
    private final Delegation delegation;
    private final NamedCameras cameras;

    GrantsResource(UserDirectory users, AccessBook book, Delegation delegation, NamedCameras cameras) {
        this.users = users;
        this.book = book;
        this.delegation = delegation;
        this.cameras = cameras;
    }

    /** A role at a place. */
    @Schema(name = "Grant")
    public record GrantView(
            UUID id,
            String role,
            @Schema(description = "site, server/{id}, group/{path} or camera/{id}", example = "group/North/Gate")
                    String scope,
            @Schema(description = "Whether the role's rights are taken away there instead") boolean denied,
            Instant created) {
        static GrantView of(StoredGrant grant) {
            return new GrantView(grant.id(), grant.role(), grant.scope().toString(), grant.denied(), grant.created());
        }
    }

    /** A role to give, or to keep from a user, at a place. */
    @Schema(name = "GrantDraft")
    public record Draft(
            String role,
            @Schema(description = "site, server/{id}, group/{path} or camera/{id}", example = "group/North/Gate")
                    String scope,
            @Schema(description = "Take the role's rights away there instead; default false")
                    Optional<Boolean> denied) {
        public Draft {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(denied, "denied");
        }
    }

    @GET
    @Operation(summary = "What a user has at single places, the widest first")
    public Page<GrantView> list(@PathParam("id") UUID id) {
        require(id);
        return Page.whole(book.rules().grants(id).stream().map(GrantView::of).toList());
    }

    @Audited("grant.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Gives a user a role at a place, or takes its rights away there",
            description = "The nearest place that says anything of a right decides; where both is said, it is denied."
                    + " Counts at once; what goes on by a right that is gone ends within 5 s. Of administrators nothing is"
                    + " taken away.")
    @ApiResponse(
            responseCode = "201",
            description = "Counts",
            content = @Content(schema = @Schema(implementation = GrantView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such user, or no such camera")
    @ApiResponse(
            responseCode = "409",
            description = "That is said already, or the user has as many grants as there may be")
    public Response add(
            @PathParam("id") UUID id,
            Draft draft,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User user = require(id);
        AccessScope scope = scope(draft.scope());
        boolean denied = draft.denied().orElse(false);
        StoredGrant grant = new StoredGrant(
                UUID.randomUUID(),
                id,
                draft.role(),
                scope,
                denied,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        new AuditFields("user/" + user.username(), Map.of(), fields(grant)).of(request);
        delegation.requireSession(request);
        if (book.rules().role(draft.role()).isEmpty()) {
            throw Problem.validation("role", "There is no role \"" + draft.role() + "\". GET /api/v1/roles lists them.")
                    .exception();
        }
        delegation.requireOver(security, user);
        delegation.requireRole(security, draft.role(), scope);
        if (scope.type() == AccessScope.Type.CAMERA) {
            cameras.require(Caller.of(security), "scope", List.of(UUID.fromString(scope.id())));
        }
        if (book.rules().grants(id).size() >= PER_USER_MAX) {
            throw Problem.conflict("This user has " + PER_USER_MAX + " grants already. Group cameras instead.")
                    .exception();
        }
        switch (book.add(grant)) {
            case TAKEN ->
                throw Problem.conflict("The user has something said of this role at this place. Remove that first.")
                        .exception();
            case ABSENT ->
                throw Problem.notFound("The user or the role was removed just now.")
                        .exception();
            default -> {}
        }
        return Response.created(URI.create(grant.id().toString()))
                .entity(GrantView.of(grant))
                .build();
    }

    @Audited("grant.removed")
    @DELETE
    @Path("{grant}")
    @Operation(summary = "Takes a grant or a denial back; counts at once")
    @ApiResponse(responseCode = "204", description = "Taken back")
    public Response remove(
            @PathParam("id") UUID id,
            @PathParam("grant") UUID grantId,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        User user = require(id);
        StoredGrant grant = book.rules().grants(id).stream()
                .filter(one -> one.id().equals(grantId))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("User " + user.username() + " has no grant " + grantId + ".")
                        .exception());
        new AuditFields("user/" + user.username(), fields(grant), Map.of()).of(request);
        delegation.requireSession(request);
        delegation.requireOver(security, user);
        // Without the denial the user may more.
        delegation.requireRole(security, grant.role(), grant.scope());
        book.removeGrant(id, grantId);
        return Response.noContent().build();
    }

    private User require(UUID id) {
        return UsersResource.require(users, id);
    }

    static AccessScope scope(String text) {
        try {
            return AccessScope.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.validation("scope", e.getMessage() + "."), e);
        }
    }

    private static Map<String, String> fields(StoredGrant grant) {
        return Map.of(
                "role", grant.role(), "scope", grant.scope().toString(), "denied", Boolean.toString(grant.denied()));
    }
}
