// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;
import org.nxvms.platform.api.bookmark.BookmarkStore;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.played.StreamWish;
import org.nxvms.playback.timeline.Cursor;
import org.nxvms.playback.timeline.Timeline;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.coding.AcceptEncoding;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** The timeline of several cameras in one call. */
@Path("/")
@Server(url = TimelineResource.BASE)
@Tag(name = "Archive")
@Produces(MediaType.APPLICATION_JSON)
@Requires({})
public final class TimelineResource {
    static final String BASE = "/api/v1/timeline";
    private static final int BUCKETS_DEFAULT = 1_000;
    /** Answers worked out at once; each may read many rows the first time. */
    private static final int ASKED_AT_ONCE_MAX = 8;
    /** In one answer; a screen shows no more marks than that. */
    private static final int BOOKMARKS_MAX = 500;
    /** Footage before this long ago does not grow any more. */
    private static final long PAST_MS = 3_600_000;
    /** A file ends within five minutes and has its row soon after; what was recorded before is rarely told anew. */
    private static final long GROWING_MS = 600_000;

    /** What one looks like. */
    private static final String CURSOR = "AYx7cQ2kq1dZAAABi83dWoAAAAAAPb1N4gE9vU3iAT29TeI";

    private static final int GZIP_FROM_BYTES = 4_096;

    private final Supplier<Archive> archive;
    private final Supplier<BookmarkStore> bookmarks;
    private final NamedCameras named;
    private final LongSupplier nowMs;
    private final Timeline timeline;
    private final Semaphore places = new Semaphore(ASKED_AT_ONCE_MAX);

    TimelineResource(
            Supplier<Archive> archive, Supplier<BookmarkStore> bookmarks, NamedCameras named, LongSupplier nowMs) {
        this.archive = archive;
        this.bookmarks = bookmarks;
        this.named = named;
        this.nowMs = nowMs;
        this.timeline = new Timeline();
    }

    /** What is answered. {@code bucketMs} and all times in lanes and bookmarks are milliseconds. */
    record Answer(
            Instant from,
            Instant to,
            long bucketMs,
            @Schema(description = "For `since` of the next call", example = CURSOR) String cursor,
            @Schema(
                            description =
                                    "Whether this is only what is not as `since` says: lanes that are not here are"
                                            + " as they were, bookmarks too where there are none here. Of a lane with `keptTo`"
                                            + " what ends by then stays as it was, and this is all the rest of it; one without"
                                            + " is whole")
                    boolean delta,
            List<Timeline.Lane> cameras,
            @Schema(description = "Those of the cameras asked for that reach into the range, latest beginning first")
                    Optional<List<ShownBookmark>> bookmarks,
            @Schema(description = "Whether there are more bookmarks than these") boolean bookmarksLeftOut) {}

    /**
     * A bookmark's mark; GET /bookmarks/{id} says more.
     *
     * @param end empty for a moment
     */
    @Schema(name = "TimelineBookmark")
    record ShownBookmark(
            UUID id,
            @Schema(description = "Of those asked for") List<UUID> cameraIds,
            long start,
            OptionalLong end,
            String title) {
        static ShownBookmark of(Bookmark bookmark, Set<UUID> asked) {
            return new ShownBookmark(
                    bookmark.id(),
                    bookmark.cameraIds().stream().filter(asked::contains).toList(),
                    Codes.floorMs(bookmark.fromUs()),
                    bookmark.isMoment() ? OptionalLong.empty() : OptionalLong.of(Codes.floorMs(bookmark.toUs())),
                    bookmark.title());
        }
    }

    @GET
    @Operation(
            summary = "What was recorded when, and bookmarked, of several cameras",
            description = "Spans closer than a bucket are merged, gaps shorter than a bucket left out. Times in"
                    + " spans, gaps, first and last are milliseconds since 1970. Ranges in the past have an ETag. Who asks"
                    + " the same again with `since` is told what changed; a cursor of another question, or of another"
                    + " version of the server, is answered whole (`delta` is false).")
    @ApiResponse(
            responseCode = "200",
            description = "One lane a camera",
            content = @Content(schema = @Schema(implementation = Answer.class)))
    @ApiResponse(responseCode = "304", description = "The same as the ETag in If-None-Match says")
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    public Response timeline(
            @Parameter(description = "Ids with commas between, at most 128") @QueryParam("cameras") String cameras,
            @Parameter(description = "RFC 3339 or milliseconds") @QueryParam("from") String from,
            @Parameter(description = "Exclusive") @QueryParam("to") String to,
            @Parameter(description = "1..4000, default 1000") @QueryParam("buckets") Integer buckets,
            @Parameter(
                            description =
                                    "main (default), sub; what there is: auto (main where it was recorded, else sub) or"
                                            + " small (sub where it was recorded, else main)")
                    @QueryParam("stream")
                    StreamWish stream,
            @Parameter(description = "`cursor` of the answer before: only what changed is told", example = CURSOR)
                    @QueryParam("since")
                    String since,
            @HeaderParam("If-None-Match") String ifNoneMatch,
            @Parameter(hidden = true) @HeaderParam("Accept-Encoding") String acceptEncoding,
            @Context SecurityContext security)
            throws IOException {
        Set<UUID> ids = cameras(cameras);
        Caller caller = Caller.of(security);
        named.require(caller, "cameras", ids, Permission.VIEW_ARCHIVE);
        Times.Range range = Times.range(from, to);
        long bucketMs = Timeline.bucketMs(range.fromUs(), range.toUs(), buckets(buckets));
        Timeline.Query query =
                new Timeline.Query(List.copyOf(ids), Codes.wish(stream), range.fromUs(), range.toUs(), bucketMs);
        Optional<Cursor> known = since(since).filter(cursor -> cursor.isOf(query));
        byte[] body = Json.mapper().writeValueAsBytes(answer(range, query, known));
        boolean packed = body.length >= GZIP_FROM_BYTES && AcceptEncoding.allowsGzip(acceptEncoding);
        if (range.toUs() / 1_000 > nowMs.getAsLong() - PAST_MS) {
            return body(body, packed).build();
        }
        // Retention may take from the past: the tag is of the answer, asked for again each time.
        String etag = etag(body);
        Response.ResponseBuilder answer = Etags.names(ifNoneMatch, etag)
                ? Response.notModified().header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                : body(body, packed);
        return answer.header(HttpHeaders.ETAG, packed ? AcceptEncoding.weak(etag) : etag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build();
    }

    private Answer answer(Times.Range range, Timeline.Query query, Optional<Cursor> known) {
        Archive footage = Absent.require(archive.get(), "The archive");
        if (!places.tryAcquire()) {
            throw Problem.unavailable("Too many timelines are being worked out now. Try again in a second.", 1)
                    .exception();
        }
        try {
            List<Timeline.Lane> lanes = timeline.lanes(footage, query, nowMs.getAsLong() * 1_000);
            List<Bookmark> found = bookmarks(query);
            Set<UUID> asked = Set.copyOf(query.cameras());
            boolean leftOut = found.size() > BOOKMARKS_MAX;
            List<ShownBookmark> shown = found.stream()
                    .limit(BOOKMARKS_MAX)
                    .map(bookmark -> ShownBookmark.of(bookmark, asked))
                    .toList();
            return new Answer(
                    Times.instant(range.fromUs()),
                    Times.instant(range.toUs()),
                    query.bucketMs(),
                    Cursor.of(query, lanes, settledMs(query), shown).text(),
                    known.isPresent(),
                    known.map(cursor -> cursor.changed(lanes)).orElse(lanes),
                    Optional.of(shown)
                            .filter(all -> known.isEmpty() || !known.get().hasBeside(all)),
                    leftOut);
        } finally {
            places.release();
        }
    }

    /** {@return what ends by then is not expected to change; a range in the past is one answer, whenever it is asked for} */
    private long settledMs(Timeline.Query query) {
        long toMs = query.toUs() / 1_000;
        long now = nowMs.getAsLong();
        return toMs > now - PAST_MS ? Math.min(toMs, now - GROWING_MS) : toMs;
    }

    private static Optional<Cursor> since(String text) {
        try {
            return text == null ? Optional.empty() : Cursor.read(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.malformed(
                            "since",
                            "\"since\" is no cursor of a timeline. Give \"cursor\" of the answer before, or leave it"
                                    + " out to be told everything."),
                    e);
        }
    }

    /** {@return one more than are shown, where there are so many} */
    private List<Bookmark> bookmarks(Timeline.Query query) {
        return Absent.require(bookmarks.get(), "The store of bookmarks")
                .find(new BookmarkQuery(
                        Set.copyOf(query.cameras()),
                        OptionalLong.of(query.fromUs()),
                        OptionalLong.of(query.toUs()),
                        List.of(),
                        Set.of(),
                        Optional.empty(),
                        BOOKMARKS_MAX + 1));
    }

    private static Set<UUID> cameras(String text) {
        if (text == null || text.isBlank()) {
            throw Problem.malformed("cameras", "\"cameras\" is missing. Give ids of cameras with commas between.")
                    .exception();
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (String id : text.split(",", Timeline.CAMERAS_MAX + 2)) {
            if (ids.size() == Timeline.CAMERAS_MAX) {
                throw Problem.validation(
                                "cameras",
                                "\"cameras\" has more than " + Timeline.CAMERAS_MAX + " ids. Ask in several calls.")
                        .exception();
            }
            ids.add(Codes.uuid(id.strip(), "cameras"));
        }
        return ids;
    }

    private static int buckets(Integer buckets) {
        if (buckets == null) {
            return BUCKETS_DEFAULT;
        }
        if (buckets < 1 || buckets > Timeline.BUCKETS_MAX) {
            throw Problem.malformed(
                            "buckets", "\"buckets\" must be 1.." + Timeline.BUCKETS_MAX + ", not " + buckets + ".")
                    .exception();
        }
        return buckets;
    }

    private static Response.ResponseBuilder body(byte[] body, boolean packed) throws IOException {
        Response.ResponseBuilder answer =
                Response.ok(body, MediaType.APPLICATION_JSON).header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!packed) {
            return answer;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return answer.header(HttpHeaders.CONTENT_ENCODING, "gzip").entity(bytes.toByteArray());
    }

    private static String etag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
