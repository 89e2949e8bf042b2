// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.cameras.layout.LayoutItem.CellBody;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutQuery;
import org.nxvms.platform.api.layout.LayoutStore;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Layouts of walls and tours of them: see docs/design/rest.md and ADR 133. */
@Path("/")
@Server(url = LayoutsResource.BASE)
@Tag(name = "Layouts")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.VIEW_LIVE, anywhere = true)
public final class LayoutsResource {
    static final String BASE = "/api/v1/layouts";
    private static final int LIMIT_USUAL = 100;
    /** The audit takes 8000 characters of all fields. */
    private static final int NOTED_CHARS_MAX = 1_000;

    private final Supplier<LayoutStore> store;
    private final NamedCameras named;
    private final LongSupplier nowMs;

    LayoutsResource(Supplier<LayoutStore> store, NamedCameras named, LongSupplier nowMs) {
        this.store = store;
        this.named = named;
        this.nowMs = nowMs;
    }

    @GET
    @Operation(
            summary = "Layouts, the oldest first",
            description = "The caller's own, those shared with one of the caller's roles, and for who has the right"
                    + " share_layouts all that are shared. Cameras that the caller may not know of are left out.")
    public Page<LayoutItem> list(
            @Parameter(description = "1..1000, default 100") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        int size = Page.limit(limit, LIMIT_USUAL, LayoutQuery.LIMIT_MAX);
        Sight sight = new Sight(caller, book());
        List<Layout> found = book().find(sight.page(position(cursor), size));
        Optional<String> next = found.size() < size
                ? Optional.empty()
                : Optional.of(cursor(LayoutQuery.Position.of(found.get(size - 1))));
        return new Page<>(
                found.stream()
                        .map(layout -> LayoutItem.of(layout, caller, sight))
                        .toList(),
                next);
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One layout")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = LayoutItem.class)))
    public Response get(@PathParam("id") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        Sight sight = new Sight(caller, book());
        return answer(Response.ok(), require(id, sight), caller, sight);
    }

    @Audited("layout.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Keeps a wall or a tour",
            description = "Of cameras that the caller may know of, of walls that the caller sees. It is the caller's"
                    + " own, and shared with roles if the caller has the right share_layouts.")
    @ApiResponse(
            responseCode = "201",
            description = "Kept",
            content = @Content(schema = @Schema(implementation = LayoutItem.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "The caller has one of that name, or as many as one may have")
    public Response add(
            LayoutBody.Draft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        Sight sight = new Sight(caller, book());
        requireCameras(given(draft).wall(), List.of(), caller);
        Layout layout = draft.layout(caller, sight, nowMs.getAsLong() * 1_000);
        new AuditFields(subject(layout.id()), Map.of(), noted(layout)).of(request);
        requireShareable(layout, caller);
        requireDone(book().insert(layout), layout);
        return answer(Response.created(URI.create(layout.id().toString())), layout, caller, sight);
    }

    @Audited("layout.changed")
    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Changes a layout",
            description = "What is left out stays. The own, and what is shared by who has the right share_layouts. A"
                    + " locked one is unlocked first, or with the same request. With If-Match 412 when it was changed"
                    + " meanwhile.")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = LayoutItem.class)))
    @ApiResponse(responseCode = "409", description = "It is locked, or its owner has one of that name")
    public Response change(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            LayoutBody.Change change,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        Sight sight = new Sight(caller, book());
        new AuditFields(subject(id), Map.of(), Map.of()).of(request);
        Layout before = requireChangeable(id, sight);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The layout");
        if (before.locked() && given(change).changesMore() && change.locked().orElse(true)) {
            throw locked();
        }
        requireCameras(given(change).wall(), cameras(before), caller);
        Layout after = change.of(before, caller, sight, nowMs.getAsLong() * 1_000);
        new AuditFields(subject(id), noted(before), noted(after)).of(request);
        requireShareable(after, caller);
        requireDone(book().update(after), after);
        return answer(Response.ok(), after, caller, sight);
    }

    @Audited("layout.removed")
    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Removes a layout, for all who have it",
            description = "With If-Match 412 when it was changed meanwhile.")
    @ApiResponse(responseCode = "204", description = "Removed")
    @ApiResponse(responseCode = "409", description = "It is locked")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Sight sight = new Sight(Caller.of(security), book());
        new AuditFields(subject(id), Map.of(), Map.of()).of(request);
        Layout layout = requireChangeable(id, sight);
        new AuditFields(subject(id), noted(layout), Map.of()).of(request);
        Etags.requireMatch(ifMatch, Etags.of(layout.version()), "The layout");
        if (layout.locked()) {
            throw locked();
        }
        if (!book().delete(id, layout.version())) {
            throw stale();
        }
        return Response.noContent().build();
    }

    private static Response answer(Response.ResponseBuilder builder, Layout layout, Caller caller, Sight sight) {
        return builder.header(HttpHeaders.ETAG, Etags.of(layout.version()))
                .entity(LayoutItem.of(layout, caller, sight))
                .build();
    }

    /** One that the caller does not see is not there. */
    private Layout require(UUID id, Sight sight) {
        return book().get(id).filter(sight::sees).orElseThrow(() -> Problem.notFound(
                        "There is no layout " + id + ". GET " + BASE + " lists them.")
                .exception());
    }

    private Layout requireChangeable(UUID id, Sight sight) {
        Layout layout = require(id, sight);
        if (!sight.mayChange(layout)) {
            throw Problem.forbidden("The layout is shared: it is changed by who has the right share_layouts. Keep it"
                            + " under another name to have one of your own.")
                    .exception();
        }
        return layout;
    }

    private static void requireShareable(Layout layout, Caller caller) {
        if (layout.isShared()) {
            caller.require(Permission.SHARE_LAYOUTS);
        }
    }

    /**
     * What has no id at all is named with the other fields.
     *
     * @param stay cameras that stand in it already, of which nothing may be left by now
     */
    private void requireCameras(Optional<LayoutItem.WallBody> wall, Collection<UUID> stay, Caller caller) {
        List<UUID> ids = wall.map(LayoutItem.WallBody::cameras).orElse(List.of()).stream()
                .filter(Objects::nonNull)
                .map(CellBody::cameraId)
                .filter(Objects::nonNull)
                .toList();
        named.require(caller, "wall.cameras", ids, stay);
    }

    private static Collection<UUID> cameras(Layout layout) {
        return layout.content() instanceof Layout.Wall wall ? wall.cameras().values() : List.of();
    }

    private static void requireDone(LayoutStore.Outcome outcome, Layout layout) {
        switch (outcome) {
            case TAKEN ->
                throw Problem.conflict("There is a layout \"" + layout.name() + "\" of " + layout.owner()
                                + " already. Give another name, or change that one.")
                        .exception();
            case FULL ->
                throw Problem.conflict("You have " + LayoutStore.OWNED_MAX
                                + " layouts already. Remove some that nobody needs first.")
                        .exception();
            case NO_ROLE ->
                throw Problem.validation(
                                "roles",
                                "\"roles\" names one that is not there: " + String.join(", ", layout.roles())
                                        + ". GET /api/v1/roles lists them.")
                        .exception();
            case STALE -> throw stale();
            case DONE -> {}
        }
    }

    private static ProblemException locked() {
        return Problem.conflict("The layout is locked. Unlock it first: PATCH it with {\"locked\":false}.")
                .exception();
    }

    private static ProblemException stale() {
        return Problem.preconditionFailed(
                        "The layout was changed or removed in the meantime. Read it again and repeat this.")
                .exception();
    }

    private static String subject(UUID id) {
        return "layout/" + id;
    }

    private static Map<String, String> noted(Layout layout) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("name", layout.name());
        fields.put("owner", layout.owner());
        fields.put("roles", String.join(",", layout.roles()));
        fields.put("locked", String.valueOf(layout.locked()));
        if (layout.content() instanceof Layout.Wall wall) {
            fields.put("grid", wall.grid());
            wall.hotspot().ifPresent(cell -> fields.put("hotspot", String.valueOf(cell)));
            fields.put(
                    "cameras",
                    cut(wall.cameras().values().stream().map(UUID::toString).collect(Collectors.joining(" "))));
        } else if (layout.content() instanceof Layout.Tour tour) {
            fields.put(
                    "steps",
                    cut(tour.steps().stream()
                            .map(step -> step.layoutId() + " " + step.seconds() + " s")
                            .collect(Collectors.joining(", "))));
        }
        return fields;
    }

    private static String cut(String text) {
        return text.length() > NOTED_CHARS_MAX ? text.substring(0, NOTED_CHARS_MAX) + "…" : text;
    }

    private static <T> T given(T body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }

    private static String cursor(LayoutQuery.Position position) {
        return Page.cursor(position.createdUs() + " " + position.id());
    }

    private static Optional<LayoutQuery.Position> position(String cursor) {
        return Page.key(cursor).map(key -> {
            String[] parts = key.split(" ", -1);
            try {
                if (parts.length == 2) {
                    return new LayoutQuery.Position(Long.parseLong(parts[0]), UUID.fromString(parts[1]));
                }
            } catch (IllegalArgumentException e) {
                throw new ProblemException(foreignCursor(), e);
            }
            throw foreignCursor().exception();
        });
    }

    private static Problem foreignCursor() {
        return Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it.");
    }

    private LayoutStore book() {
        return Absent.require(store.get(), "The store of layouts");
    }
}
