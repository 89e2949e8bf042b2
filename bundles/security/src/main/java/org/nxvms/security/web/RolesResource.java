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
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.Outcome;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.rights.Bits;

/** Roles: what there is to be given to users. */
@Path("/")
@Server(url = RolesResource.BASE)
@Tag(name = "Roles")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_USERS)
public final class RolesResource {
    static final String BASE = "/api/v1/roles";
    private static final Set<String> BUILT_IN = Set.of(UserStore.ADMINISTRATOR, "operator", "viewer", "guest");
    private static final int ROLES_MAX = 200;

    private final AccessBook book;
    private final Delegation delegation;

    RolesResource(AccessBook book, Delegation delegation) {
        this.book = book;
        this.delegation = delegation;
    }

    @GET
    @Operation(summary = "All roles, by name")
    public Page<RoleView> list() {
        return Page.whole(book.rules().roles().stream()
                .map(role -> RoleView.of(book.rules(), role))
                .toList());
    }

    /** A right that roles can hold. */
    @Schema(name = "PermissionInfo")
    public record PermissionView(
            Permission permission,
            @Schema(description = "Whether it is asked for single cameras; the others count for the server alone")
                    boolean ofCamera) {}

    @GET
    @Path("permissions")
    @Operation(summary = "All rights that roles can hold")
    public Page<PermissionView> permissions() {
        return Page.whole(Arrays.stream(Permission.values())
                .map(permission -> new PermissionView(permission, permission.isOfCamera()))
                .toList());
    }

    @GET
    @Path("{name}")
    @Operation(summary = "One role")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = RoleView.class)))
    public Response get(@PathParam("name") String name) {
        return answer(require(name));
    }

    @Audited("role.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds a role", description = "Holding no right that the caller does not have everywhere.")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = RoleView.class)))
    @ApiResponse(responseCode = "409", description = "The name is taken, or there are as many roles as there may be")
    public Response add(RoleView.Draft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        StoredRole role = draft.stored();
        new AuditFields("role/" + role.name(), Map.of(), fields(role)).of(request);
        delegation.requireSession(request);
        delegation.requireReach(security, bits(draft.permissions()), AccessScope.SITE);
        if (role.ptzPriority() > 0) {
            delegation.requireAdministrator(security, "gives a priority at moving cameras");
        }
        if (book.rules().roles().size() >= ROLES_MAX) {
            throw Problem.conflict("There are " + ROLES_MAX + " roles already. Remove one first.")
                    .exception();
        }
        if (book.add(role) == Outcome.TAKEN) {
            throw Problem.conflict("There is a role \"" + role.name() + "\" already. Choose another name.")
                    .exception();
        }
        return Response.created(URI.create(role.name()))
                .header(HttpHeaders.ETAG, Etags.of(role.version()))
                .entity(RoleView.of(book.rules(), role))
                .build();
    }

    @Audited("role.changed")
    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Changes a role; it counts at once for all who have it",
            description =
                    "What goes on by a right that is gone (live view, the event stream, downloads) ends within 5 s.")
    @ApiResponse(
            responseCode = "200",
            description = "The role as it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = RoleView.class)))
    @ApiResponse(responseCode = "409", description = "The role of administrators cannot be changed")
    public Response change(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            RoleView.Patch patch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        StoredRole before = require(name);
        StoredRole after = patch.of(before);
        new AuditFields("role/" + name, fields(before), fields(after)).of(request);
        delegation.requireSession(request);
        if (name.equals(UserStore.ADMINISTRATOR) && patch.permissions().isPresent()) {
            throw Problem.conflict("Administrators may everything. Make another role for those who may less.")
                    .exception();
        }
        if (after.ptzPriority() != before.ptzPriority()) {
            delegation.requireAdministrator(security, "changes a priority at moving cameras");
        }
        if (before.secondFactor() && !after.secondFactor()) {
            delegation.requireAdministrator(security, "lets a role do without a second factor");
        }
        // Who may not all of it must not change it for those who may.
        delegation.requireReach(security, book.rules().bits(name), AccessScope.SITE);
        delegation.requireReach(security, bits(patch.permissions().orElse(Set.of())), AccessScope.SITE);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The role");
        if (book.replace(after) == Outcome.STALE) {
            throw new StaleVersionException("role " + name + " was changed in the meantime");
        }
        return answer(require(name));
    }

    @Audited("role.removed")
    @DELETE
    @Path("{name}")
    @Operation(
            summary = "Removes a role that nobody has",
            description = "409 while a user has it, and for built-in ones.")
    @ApiResponse(responseCode = "204", description = "Removed")
    @ApiResponse(responseCode = "409", description = "Users have the role, or it is built in")
    public Response remove(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        StoredRole role = require(name);
        new AuditFields("role/" + name, fields(role), Map.of()).of(request);
        delegation.requireSession(request);
        if (BUILT_IN.contains(name)) {
            throw Problem.conflict("The role \"" + name + "\" is built in and stays. Its permissions can be changed.")
                    .exception();
        }
        delegation.requireReach(security, book.rules().bits(name), AccessScope.SITE);
        Etags.requireMatch(ifMatch, Etags.of(role.version()), "The role");
        if (book.removeRole(name) == Outcome.IN_USE) {
            throw Problem.conflict("Users have the role \"" + name + "\" still, everywhere or at a place. Give them"
                            + " another one first.")
                    .exception();
        }
        return Response.noContent().build();
    }

    private Response answer(StoredRole role) {
        return Tagged.ok(RoleView.of(book.rules(), role), Etags.of(role.version()));
    }

    private StoredRole require(String name) {
        return book.rules().role(name).orElseThrow(() -> none(name));
    }

    private static ProblemException none(String name) {
        return Problem.notFound("There is no role \"" + name + "\". GET " + BASE + " lists what there is.")
                .exception();
    }

    private static long bits(Set<Permission> permissions) {
        return Bits.of(permissions);
    }

    private static Map<String, String> fields(StoredRole role) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("permissions", role.permissions().stream().sorted().collect(Collectors.joining(" ")));
        fields.put("secondFactor", Boolean.toString(role.secondFactor()).toLowerCase(Locale.ROOT));
        fields.put("ptzPriority", Integer.toString(role.ptzPriority()));
        return fields;
    }
}
