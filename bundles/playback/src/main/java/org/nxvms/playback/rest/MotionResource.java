// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.DefaultValue;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.motion.MotionMaskStore;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.worker.LumaPictures;
import org.nxvms.playback.motion.Mask;
import org.nxvms.playback.motion.MotionDesk;
import org.nxvms.playback.motion.MotionDesk.TooManyException;
import org.nxvms.playback.motion.MotionSearch;
import org.nxvms.playback.rest.MotionTold.Told;
import org.nxvms.playback.rest.MotionViews.HeightsView;
import org.nxvms.playback.rest.MotionViews.LaneView;
import org.nxvms.playback.rest.MotionViews.SearchView;
import org.nxvms.playback.rest.MotionViews.ToldView;
import org.nxvms.playback.timeline.Timeline;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** {@code /api/v1/motion}: what moved in recorded pictures, and where; see docs/design/rest.md. */
@Path("/")
@Server(url = MotionResource.BASE)
@Tag(name = "Motion")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.VIEW_ARCHIVE, anywhere = true)
public final class MotionResource {
    static final String BASE = "/api/v1/motion";

    private static final int BUCKETS_DEFAULT = 1_000;
    private static final int HEIGHTS_AT_ONCE_MAX = 4;
    /** Of sixteen cameras each reads up to 80 000 events. */
    private static final int TOLD_AT_ONCE_MAX = 4;

    private static final int HEIGHTS_CAMERAS_MAX = 16;
    private static final long HEIGHTS_US_MAX = TimeUnit.HOURS.toMicros(25);
    /** What somebody looks at; a longer stretch is searched. */
    private static final long ANALYSED_US_MAX = TimeUnit.HOURS.toMicros(2);
    /** Each takes a thread of the server's while it waits. */
    private static final int WAITING_MAX = 8;

    private static final int WAIT_MS = 10_000;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Supplier<Archive> archive;
    private final Supplier<LumaPictures> worker;
    private final Supplier<MotionMaskStore> masks;
    private final MotionDesk desk;
    private final NamedCameras named;
    private final MotionTold told;
    private final Semaphore waiting = new Semaphore(WAITING_MAX);
    private final Semaphore places = new Semaphore(HEIGHTS_AT_ONCE_MAX);
    private final Semaphore telling = new Semaphore(TOLD_AT_ONCE_MAX);

    MotionResource(
            Supplier<Archive> archive,
            Supplier<LumaPictures> worker,
            Supplier<EventLog> events,
            Supplier<MotionMaskStore> masks,
            MotionDesk desk,
            NamedCameras named) {
        this.archive = archive;
        this.worker = worker;
        this.masks = masks;
        this.desk = desk;
        this.named = named;
        this.told = new MotionTold(events);
    }

    @GET
    @Path("heights")
    @Operation(
            summary = "How much moved when, as far as it is known",
            description =
                    "Of recorded pictures that were compared before. With analyse=true, of one camera and at most two hours,"
                            + " what is not known is found out for as long as the same is asked for again within 15 s; of one"
                            + " user the stretch asked for last. Who shows it asks again each second while `analysing`.")
    @ApiResponse(
            responseCode = "200",
            description = "One lane a camera",
            content = @Content(schema = @Schema(implementation = HeightsView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    public HeightsView heights(
            @Parameter(description = "Ids with commas between, at most 16") @QueryParam("cameras") String cameras,
            @Parameter(description = "RFC 3339 or milliseconds") @QueryParam("from") String from,
            @Parameter(description = "Exclusive; at most 25 hours later") @QueryParam("to") String to,
            @Parameter(description = "1..4000, default 1000") @QueryParam("buckets") Integer buckets,
            @Parameter(description = "Find out what is not known") @QueryParam("analyse") @DefaultValue("false")
                    boolean analyse,
            @Context SecurityContext security) {
        Set<UUID> ids = cameras(cameras);
        Caller caller = Caller.of(security);
        named.require(caller, "cameras", ids, Permission.VIEW_ARCHIVE);
        Times.Range range = Times.range(from, to);
        long lengthUs = range.toUs() - range.fromUs();
        if (lengthUs > HEIGHTS_US_MAX) {
            throw Problem.validation("to", "\"to\" must be at most 25 hours later than \"from\".")
                    .exception();
        }
        if (analyse && (ids.size() > 1 || lengthUs > ANALYSED_US_MAX)) {
            throw Problem.validation(
                            "analyse",
                            "\"analyse\" is for one camera and at most two hours. POST /api/v1/motion/searches searches"
                                    + " longer stretches.")
                    .exception();
        }
        long bucketMs = Timeline.bucketMs(range.fromUs(), range.toUs(), buckets(buckets));
        Archive footage = Absent.require(archive.get(), "The archive");
        if (!places.tryAcquire()) {
            throw Problem.unavailable("Too many lanes of motion are being worked out now. Try again in a second.", 1)
                    .exception();
        }
        try {
            UUID user = caller.user().id();
            if (analyse) {
                desk.glance(user, ids.iterator().next(), range.fromUs(), range.toUs());
            }
            List<LaneView> lanes = new ArrayList<>();
            for (UUID id : ids) {
                // Asked before: what is found out meanwhile is in the heights.
                boolean analysing = desk.isGlancedAt(user, id, range.fromUs(), range.toUs());
                lanes.add(LaneView.of(
                        desk.heights(footage, id, mask(id), range.fromUs(), range.toUs(), bucketMs * 1_000),
                        told.motion(caller, id, range.fromUs(), range.toUs()),
                        analysing));
            }
            return new HeightsView(Times.instant(range.fromUs()), Times.instant(range.toUs()), bucketMs, lanes);
        } finally {
            places.release();
        }
    }

    @POST
    @Path("searches")
    @Unaudited("changes nothing; whoever looks at what was found is noted")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Search footage for motion in parts of the picture",
            description =
                    "Does not wait; GET tells what was found, and what the cameras told. Ends when nobody has asked about it for 45 s.")
    @ApiResponse(
            responseCode = "202",
            description = "Begun",
            content = @Content(schema = @Schema(implementation = SearchView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "429", description = "Two searches of the caller run already")
    public Response begin(MotionBody body, @Context SecurityContext security) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        MotionSearch.Order order = body.order();
        Caller caller = Caller.of(security);
        named.require(caller, "cameraIds", order.cameras(), Permission.VIEW_ARCHIVE);
        Absent.require(worker.get(), "The media worker");
        try {
            Archive footage = Absent.require(archive.get(), "The archive");
            MotionSearch search = desk.begin(caller.user().id(), footage, order, this::mask);
            return Response.accepted(SearchView.of(search, search.report(), Map.of()))
                    .location(URI.create("searches/" + search.id()))
                    .build();
        } catch (TooManyException e) {
            throw new ProblemException(
                    e.isOwn()
                            ? Problem.tooManyRequests(
                                    e.getMessage() + ". DELETE one of them, or wait for its end.", RETRY_AFTER_SECONDS)
                            : Problem.unavailable(
                                    e.getMessage() + ", as many as there may be. Try again later.",
                                    RETRY_AFTER_SECONDS),
                    e);
        }
    }

    @GET
    @Path("searches/{id}")
    @Operation(
            summary = "What a search of the caller has found so far",
            description =
                    "With after=revision it answers as soon as there is more, the search is over, or 10 s are: so what is"
                            + " found arrives while it is found.")
    @ApiResponse(
            responseCode = "200",
            description = "What it has found",
            content = @Content(schema = @Schema(implementation = SearchView.class)))
    @ApiResponse(responseCode = "404", description = "The caller has no such search, or it is forgotten")
    @ApiResponse(
            responseCode = "429",
            description =
                    "Too many wait for searches, or read what cameras told, already; Retry-After says when to ask again")
    public SearchView search(
            @PathParam("id") UUID id,
            @Parameter(description = "Wait for what comes after this revision") @QueryParam("after") Long after,
            @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        MotionSearch search = own(caller, id);
        named.require(caller, "cameraIds", search.order().cameras(), Permission.VIEW_ARCHIVE);
        if (after != null) {
            await(search, after);
            desk.search(caller.user().id(), id);
        }
        // Looked at once: a search that ends meanwhile is told as ended only by an answer that has all of it.
        MotionSearch.Report report = search.report();
        // Not asked of the database several times a second.
        boolean tells = after == null || report.state() != MotionSearch.State.RUNNING;
        return SearchView.of(search, report, tells ? told(caller, search) : Map.of());
    }

    private void await(MotionSearch search, long after) {
        if (!waiting.tryAcquire()) {
            throw Problem.tooManyRequests("Too many wait for searches. Ask without after, or again later.", 1)
                    .exception();
        }
        try {
            search.await(after, WAIT_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.release();
        }
    }

    @DELETE
    @Path("searches/{id}")
    @Unaudited("changes nothing")
    @Operation(summary = "Ends a search of the caller and forgets it")
    @ApiResponse(responseCode = "204", description = "It is ended")
    @ApiResponse(responseCode = "404", description = "The caller has no such search, or it is forgotten")
    public Response cancel(@PathParam("id") UUID id, @Context SecurityContext security) {
        if (!desk.cancel(Caller.of(security).user().id(), id)) {
            throw noSuch(id).exception();
        }
        return Response.noContent().build();
    }

    private MotionSearch own(Caller caller, UUID id) {
        return desk.search(caller.user().id(), id).orElseThrow(() -> noSuch(id).exception());
    }

    private static Problem noSuch(UUID id) {
        return Problem.notFound("You have no search " + id + "; those that are over are remembered for a while.");
    }

    private Map<UUID, Told<ToldView>> told(Caller caller, MotionSearch search) {
        MotionSearch.Order order = search.order();
        if (!telling.tryAcquire()) {
            throw Problem.tooManyRequests(
                            "What cameras told is being read for too many searches now. Ask again in a second.", 1)
                    .exception();
        }
        try {
            Map<UUID, Told<ToldView>> all = new HashMap<>();
            for (UUID camera : order.cameras()) {
                all.put(camera, told.within(caller, camera, order.fromUs(), order.toUs(), order.areas(), mask(camera)));
            }
            return all;
        } finally {
            telling.release();
        }
    }

    /** Read each time: another one counts at once. */
    private Mask mask(UUID camera) {
        return Mask.of(Absent.require(masks.get(), "The store of motion masks").of(camera));
    }

    private static Set<UUID> cameras(String text) {
        if (text == null || text.isBlank()) {
            throw Problem.malformed("cameras", "\"cameras\" is missing. Give ids of cameras with commas between.")
                    .exception();
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (String id : text.split(",", HEIGHTS_CAMERAS_MAX + 2)) {
            if (ids.size() == HEIGHTS_CAMERAS_MAX) {
                throw Problem.validation(
                                "cameras",
                                "\"cameras\" has more than " + HEIGHTS_CAMERAS_MAX + " ids. Ask in several calls.")
                        .exception();
            }
            ids.add(Codes.uuid(id.strip(), "cameras"));
        }
        return ids;
    }

    private static int buckets(Integer buckets) {
        int count = Optional.ofNullable(buckets).orElse(BUCKETS_DEFAULT);
        if (count < 1 || count > Timeline.BUCKETS_MAX) {
            throw Problem.malformed(
                            "buckets", "\"buckets\" must be 1.." + Timeline.BUCKETS_MAX + ", not " + count + ".")
                    .exception();
        }
        return count;
    }
}
