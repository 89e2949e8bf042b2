// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.gapfill.job.FillJob;
import org.nxvms.gapfill.job.FillJobs;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Filling by hand what is missing, with what the camera recorded itself. */
@Path("/")
@Server(url = GapFillsResource.BASE)
@Tag(name = "Gap fills")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
public final class GapFillsResource {
    static final String BASE = "/api/v1/gap-fills";
    /** What a camera's card holds, rarely more. */
    private static final int DAYS_MAX = 31;

    private final Supplier<FillJobs> jobs;
    private final Supplier<CameraRegistry> cameras;
    private final LongSupplier nowMs;

    GapFillsResource(Supplier<FillJobs> jobs, Supplier<CameraRegistry> cameras, LongSupplier nowMs) {
        this.jobs = jobs;
        this.cameras = cameras;
        this.nowMs = nowMs;
    }

    /** What is wanted; times are RFC 3339 or milliseconds. */
    @Schema(name = "GapFillDraft")
    public record Draft(
            UUID cameraId, String from, @Schema(description = "Exclusive; at most 31 days after from") String to) {
        public Draft {
            Objects.requireNonNull(cameraId, "cameraId");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** A job and how far it is. */
    @Schema(name = "GapFill")
    public record Item(
            UUID id,
            UUID cameraId,
            Instant from,
            Instant to,
            FillJob.State state,
            @Schema(
                            description = "Why it failed, or what stays missing",
                            example = "The camera has no pictures of 520 ms of it.")
                    Optional<String> detail,
            @Schema(description = "What was missing in the range when it began") long missingMs,
            @Schema(description = "How much of that has footage now") long filledMs,
            @Schema(description = "How many pictures were put there") long pictures,
            @Schema(
                            description =
                                    "by_pictures: to the picture, by those that archive and camera both have; by_clock: to a"
                                            + " second or two, by the camera's clock, so that pictures at the edges may be"
                                            + " there twice or be missing")
                    Optional<FillJob.Placed> placed,
            @Schema(description = "Left out when it began by itself") Optional<String> createdBy,
            Instant created,
            Optional<Instant> finished) {
        static Item of(FillJob job) {
            return new Item(
                    job.id(),
                    job.camera(),
                    Times.instant(job.fromUs()),
                    Times.instant(job.toUs()),
                    job.state(),
                    Optional.of(job.detail()).filter(detail -> !detail.isEmpty()),
                    job.missingUs() / 1_000,
                    job.filledUs() / 1_000,
                    job.pictures(),
                    job.placed(),
                    job.by(),
                    job.created(),
                    job.finished());
        }
    }

    @GET
    @Operation(
            summary = "Jobs of filling since the server started, newest first",
            description = "Of cameras that the caller manages; at most 500 are kept.")
    public Page<Item> list(@Context SecurityContext security) {
        Caller caller = Caller.of(security);
        return Page.whole(jobs.get().all().stream()
                .filter(job -> caller.may(Permission.MANAGE_CAMERAS, job.camera()))
                .map(Item::of)
                .toList());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One job and how far it is")
    public Item get(@PathParam("id") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        return jobs.get()
                .find(id)
                .filter(job -> caller.may(Permission.MANAGE_CAMERAS, job.camera()))
                .map(Item::of)
                .orElseThrow(() -> Problem.notFound("There is no job " + id + ", or not for you. GET " + BASE
                                + " lists those since the server started.")
                        .exception());
    }

    @POST
    @Audited("footage.fill_ordered")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Fills what is missing of a camera's main stream with what the camera recorded itself",
            description =
                    "Each gap that overlaps the range, as a whole, unless its cause says that nothing was wanted there or"
                            + " that it was removed. Done one after the other, at a pace that recording does not notice;"
                            + " what is there or was filled before stays as it is, so that it can be asked for again; while"
                            + " the same waits, it is the same job, up to the later end.")
    @ApiResponse(
            responseCode = "202",
            description = "It is done by and by; GET it to see how far it is",
            content = @Content(schema = @Schema(implementation = Item.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "There are too many jobs that are not over")
    public Response order(Draft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        if (draft == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        new AuditFields(
                        "camera/" + draft.cameraId(),
                        Map.of(),
                        Map.of(AuditNote.FROM, draft.from(), AuditNote.TO, draft.to()))
                .of(request);
        Caller caller = Caller.of(security);
        caller.require(Permission.MANAGE_CAMERAS, draft.cameraId());
        Times.Range range = Times.range(draft.from(), draft.to());
        new Fields()
                .check(
                        range.fromUs() < nowMs.getAsLong() * 1_000,
                        "from",
                        "\"from\" lies in the future, of which nothing is missing yet.")
                .check(
                        range.toUs() - range.fromUs() <= TimeUnit.DAYS.toMicros(DAYS_MAX),
                        "to",
                        "The range is longer than " + DAYS_MAX + " days. Fill in parts.")
                .throwIfAny();
        if (Absent.require(cameras.get(), "The camera registry")
                .find(draft.cameraId())
                .isEmpty()) {
            throw Problem.notFound("There is no camera " + draft.cameraId() + ".")
                    .exception();
        }
        try {
            // Of what comes nothing is missing yet.
            long toUs = Math.min(range.toUs(), nowMs.getAsLong() * 1_000);
            FillJob job = jobs.get().order(draft.cameraId(), range.fromUs(), toUs, caller.getName());
            return Response.accepted(Item.of(job))
                    .location(URI.create(job.id().toString()))
                    .build();
        } catch (FillJobs.FullException full) {
            throw new ProblemException(
                    Problem.conflict(full.getMessage() + ". Wait until some are; GET " + BASE + " lists them."), full);
        }
    }
}
