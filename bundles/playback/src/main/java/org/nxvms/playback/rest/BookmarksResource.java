// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

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
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkStore;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
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

/** Bookmarks: see docs/design/rest.md and ADR 77. */
@Path("/")
@Server(url = BookmarksResource.BASE)
@Tag(name = "Bookmarks")
@Produces(MediaType.APPLICATION_JSON)
public final class BookmarksResource {
    static final String BASE = "/api/v1/bookmarks";

    private final Supplier<BookmarkStore> store;
    private final BookmarkSearch search;
    private final NamedCameras cameras;
    private final Supplier<EventPublisher> events;
    private final LongSupplier nowMs;

    BookmarksResource(
            Supplier<BookmarkStore> store,
            BookmarkSearch search,
            NamedCameras cameras,
            Supplier<EventPublisher> events,
            LongSupplier nowMs) {
        this.store = store;
        this.search = search;
        this.cameras = cameras;
        this.events = events;
        this.nowMs = nowMs;
    }

    @GET
    @Requires(value = Permission.VIEW_ARCHIVE, anywhere = true)
    @Operation(
            summary = "Bookmarks, latest beginning first",
            description =
                    "Those with at least one camera whose footage the caller may see; other cameras are left out.")
    public Page<BookmarkItem> list(
            @Parameter(description = "Reaching beyond this moment; RFC 3339 or milliseconds") @QueryParam("from")
                    String from,
            @Parameter(description = "Beginning before this moment; RFC 3339 or milliseconds") @QueryParam("to")
                    String to,
            @Parameter(description = "Of one of these cameras at least: ids, joined by commas") @QueryParam("cameras")
                    String cameras,
            @Parameter(description = "Words, each in title, text or a tag, in whatever case") @QueryParam("text")
                    String text,
            @Parameter(description = "Having all these tags, joined by commas") @QueryParam("tags") String tags,
            @Parameter(description = "1..1000, default 100") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Context SecurityContext security) {
        return search.page(Caller.of(security), new BookmarkSearch.Asked(from, to, cameras, text, tags), limit, cursor);
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.VIEW_ARCHIVE, anywhere = true)
    @Operation(summary = "One bookmark")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = BookmarkItem.class)))
    public Response get(@PathParam("id") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        return answer(Response.ok(), require(id, caller), caller);
    }

    @Audited("bookmark.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Requires(value = Permission.BOOKMARK, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sets a bookmark",
            description = "At cameras whose footage the caller may see, and where the caller may set bookmarks. It"
                    + " holds no footage: for that there are evidence locks.")
    @ApiResponse(
            responseCode = "201",
            description = "Set",
            content = @Content(schema = @Schema(implementation = BookmarkItem.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "There are as many bookmarks as there may be")
    public Response add(
            BookmarkBody.Draft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        long nowUs = nowMs.getAsLong() * 1_000;
        Bookmark bookmark = given(draft).bookmark(caller.user(), nowUs);
        new AuditFields(BookmarkFacts.subject(bookmark.id()), Map.of(), BookmarkFacts.noted(bookmark)).of(request);
        requireAt(bookmark, List.of(), caller);
        if (!book().insert(bookmark)) {
            throw Problem.conflict("There are " + BookmarkStore.BOOKMARKS_MAX
                            + " bookmarks already. Remove some that nobody needs first.")
                    .exception();
        }
        BookmarkFacts.publish(events.get(), EventKinds.BOOKMARK_ADDED, bookmark, caller.getName(), nowUs);
        return answer(Response.created(URI.create(bookmark.id().toString())), bookmark, caller);
    }

    @Audited("bookmark.changed")
    @PATCH
    @Path("{id}")
    @Requires(value = Permission.BOOKMARK, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Changes a bookmark",
            description = "What is left out stays. Needs the right on each of its cameras, before and after. With"
                    + " If-Match 412 when it was changed meanwhile.")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = BookmarkItem.class)))
    public Response change(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            BookmarkBody.Change change,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        new AuditFields(BookmarkFacts.subject(id), Map.of(), Map.of()).of(request);
        Bookmark before = requireEditable(id, caller);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The bookmark");
        long nowUs = nowMs.getAsLong() * 1_000;
        Bookmark after = given(change).of(before, nowUs);
        new AuditFields(BookmarkFacts.subject(id), BookmarkFacts.noted(before), BookmarkFacts.noted(after)).of(request);
        if (change.cameraIds().isPresent()) {
            requireAt(after, before.cameraIds(), caller);
        }
        // The change was made upon this version; one in between must not be lost.
        if (!book().update(after)) {
            throw stale();
        }
        BookmarkFacts.publish(events.get(), EventKinds.BOOKMARK_CHANGED, after, caller.getName(), nowUs);
        return answer(Response.ok(), after, caller);
    }

    @Audited("bookmark.removed")
    @DELETE
    @Path("{id}")
    @Requires(value = Permission.BOOKMARK, anywhere = true)
    @Operation(
            summary = "Removes a bookmark; the footage stays",
            description = "With If-Match 412 when it was changed meanwhile.")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        new AuditFields(BookmarkFacts.subject(id), Map.of(), Map.of()).of(request);
        Bookmark bookmark = requireEditable(id, caller);
        new AuditFields(BookmarkFacts.subject(id), BookmarkFacts.noted(bookmark), Map.of()).of(request);
        Etags.requireMatch(ifMatch, Etags.of(bookmark.version()), "The bookmark");
        if (!book().delete(id, bookmark.version())) {
            throw stale();
        }
        BookmarkFacts.publish(
                events.get(), EventKinds.BOOKMARK_REMOVED, bookmark, caller.getName(), nowMs.getAsLong() * 1_000);
        return Response.noContent().build();
    }

    private static Response answer(Response.ResponseBuilder builder, Bookmark bookmark, Caller caller) {
        return builder.header(HttpHeaders.ETAG, Etags.of(bookmark.version()))
                .entity(BookmarkItem.of(bookmark, caller))
                .build();
    }

    /** One that the caller may not see is not there. */
    private Bookmark require(UUID id, Caller caller) {
        return book().get(id)
                .filter(bookmark -> !BookmarkItem.visible(bookmark, caller).isEmpty())
                .orElseThrow(() -> none(id));
    }

    private Bookmark requireEditable(UUID id, Caller caller) {
        Bookmark bookmark = require(id, caller);
        if (!bookmark.cameraIds().stream().allMatch(camera -> caller.may(Permission.BOOKMARK, camera))) {
            throw Problem.forbidden(
                            "The bookmark is of cameras at which you may not set bookmarks. Ask an" + " administrator.")
                    .exception();
        }
        return bookmark;
    }

    /** @param stay cameras that it had before, of which nothing may be left by now */
    private void requireAt(Bookmark bookmark, Collection<UUID> stay, Caller caller) {
        cameras.require(caller, "cameraIds", bookmark.cameraIds(), stay, Permission.BOOKMARK, Permission.VIEW_ARCHIVE);
    }

    private static <T> T given(T body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }

    private static ProblemException none(UUID id) {
        return Problem.notFound("There is no bookmark " + id + ". GET " + BASE + " lists them.")
                .exception();
    }

    private static ProblemException stale() {
        return Problem.preconditionFailed(
                        "The bookmark was changed or removed in the meantime. Read it again and repeat this.")
                .exception();
    }

    private BookmarkStore book() {
        return Absent.require(store.get(), "The store of bookmarks");
    }
}
