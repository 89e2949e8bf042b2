// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.export.job.Estimate;
import org.nxvms.export.job.ExportRights;
import org.nxvms.export.job.Exports;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Taking footage away in packages, and telling whether a package is what was taken away. */
@Path("/")
@Server(url = ExportsResource.BASE)
@Tag(name = "Exports")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.EXPORT, anywhere = true)
public final class ExportsResource {
    static final String BASE = "/api/v1/exports";

    /** Each holds a thread for as long as its upload takes. */
    private static final int VERIFICATIONS_MAX = 2;

    private static final int RETRY_SECONDS = 10;
    /** A clock that is a little ahead of ours means now. */
    private static final long AHEAD_US = TimeUnit.SECONDS.toMicros(5);

    private final Supplier<Exports> exports;
    private final Supplier<Archive> archive;
    private final Supplier<ArchiveKeys> keys;
    private final NamedCameras named;
    private final UUID serverId;
    private final LongSupplier nowMs;
    private final Semaphore verifications = new Semaphore(VERIFICATIONS_MAX);

    ExportsResource(
            Supplier<Exports> exports,
            Supplier<Archive> archive,
            Supplier<ArchiveKeys> keys,
            NamedCameras named,
            UUID serverId,
            LongSupplier nowMs) {
        this.exports = exports;
        this.archive = archive;
        this.keys = keys;
        this.named = named;
        this.serverId = serverId;
        this.nowMs = nowMs;
    }

    @GET
    @Operation(summary = "Exports of cameras of which the caller may export all, newest first")
    public Page<ExportViews.Item> list(@Context SecurityContext security) {
        Caller caller = Caller.of(security);
        return Page.whole(book().jobs().stream()
                .filter(view -> mayHave(caller, view.job()))
                .map(ExportViews.Item::of)
                .toList());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One export and how far it is")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag, another one each time it has got further",
            content = @Content(schema = @Schema(implementation = ExportViews.Item.class)))
    public Response get(@PathParam("id") UUID id, @Context SecurityContext security) {
        return Tagged.ok(ExportViews.Item.of(require(id, Caller.of(security))));
    }

    @POST
    @Audited("export.ordered")
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Has a package of footage made",
            description =
                    "Made one after the other, at a pace that recording does not notice; it goes on after a restart."
                            + " Needs the rights export and view_archive, where there is sound also listen, on each camera. What"
                            + " is in a package: docs/design/export.md. With overlay or masks all pictures that they concern are"
                            + " encoded anew, by a process that has a place among the server's encodings (encodingsMax of"
                            + " org.nxvms.transcode); live streams come first, so that this takes longer.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = ExportViews.Draft.class),
                            examples = {
                                @ExampleObject(name = "as recorded", value = ExportExamples.AS_RECORDED),
                                @ExampleObject(name = "with text and a mask", value = ExportExamples.BURNED_IN)
                            }))
    @ApiResponse(
            responseCode = "201",
            description = "Ordered",
            content = @Content(schema = @Schema(implementation = ExportViews.Item.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "There are too many exports, or there is no room for it")
    public Response order(
            ExportViews.Draft draft, @Context SecurityContext security, @Context HttpServletRequest request)
            throws IOException {
        Caller caller = Caller.of(security);
        UUID id = UUID.randomUUID();
        new AuditFields("export/" + id, Map.of(), ExportNotes.told(draft)).of(request);
        ExportOrder order = checked(draft, caller);
        Estimate estimate = estimated(order, caller);
        ExportJob job = new ExportJob(
                id,
                serverId,
                caller.user().id(),
                caller.getName(),
                Instant.ofEpochMilli(nowMs.getAsLong()),
                order,
                estimate.heard(),
                ExportJob.State.WAITING,
                "",
                0,
                Optional.empty(),
                Optional.empty());
        try {
            Exports.View view = book().order(job, estimate.bytes());
            return Response.created(URI.create(id.toString()))
                    .entity(ExportViews.Item.of(view))
                    .build();
        } catch (Exports.RefusedException refused) {
            throw new ProblemException(Problem.conflict(refused.getMessage() + "."), refused);
        }
    }

    @POST
    @Path("estimate")
    @Unaudited("nothing is taken away; the order is noted")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Says about how large a package would be, without having it made",
            description =
                    "Of what is in the index of the archive now: no footage is read. Refused as the order would be, but for"
                            + " want of room, which is in the answer.")
    @ApiResponse(
            responseCode = "200",
            description = "How large it would be, and whether it would be taken",
            content = @Content(schema = @Schema(implementation = ExportViews.Forecast.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    public ExportViews.Forecast estimate(ExportViews.Draft draft, @Context SecurityContext security)
            throws IOException {
        Caller caller = Caller.of(security);
        Estimate estimate = estimated(checked(draft, caller), caller);
        return ExportViews.Forecast.of(estimate, book().objection(caller.user().id(), estimate.bytes()));
    }

    /** {@return how much there is of it, all of which the caller may have} */
    private Estimate estimated(ExportOrder order, Caller caller) {
        Estimate estimate = Estimate.of(footage(), order);
        checkFootage(order, estimate);
        for (UUID camera : estimate.heard()) {
            caller.require(Permission.LISTEN, camera);
        }
        return estimate;
    }

    private ExportOrder checked(ExportViews.Draft draft, Caller caller) {
        String reason = draft.reason().map(String::strip).orElse("");
        int cameras = draft.cameraIds().size();
        ExportOrder.Form form = draft.form().orElse(ExportOrder.Form.MP4);
        ExportOrder.Cut cut = draft.cut().orElse(ExportOrder.Cut.KEY_FRAME);
        boolean sound = draft.sound().orElse(true);
        new Fields()
                .check(
                        cameras >= 1
                                && cameras <= ExportOrder.CAMERAS_MAX
                                && draft.cameraIds().stream().allMatch(Objects::nonNull),
                        "cameraIds",
                        "\"cameraIds\" has " + cameras + " ids. Give 1 to " + ExportOrder.CAMERAS_MAX
                                + "; more go into several exports.")
                .check(
                        reason.length() <= ExportOrder.REASON_CHARS_MAX
                                && reason.codePoints().noneMatch(ExportsResource::isStrange),
                        "reason",
                        "\"reason\" has " + reason.length() + " characters. Give at most "
                                + ExportOrder.REASON_CHARS_MAX + " in one line.")
                .check(
                        form != ExportOrder.Form.CHUNKS || cut != ExportOrder.Cut.EXACT,
                        "cut",
                        "\"cut\" is exact, but the archive's own files, which \"form\" chunks asks for, are whole. Give"
                                + " key_frame, or the form mp4 or mkv.")
                .check(
                        form != ExportOrder.Form.CHUNKS || sound,
                        "sound",
                        "\"sound\" is false, but the archive's own files, which \"form\" chunks asks for, have the"
                                + " sound they were recorded with. Give the form mp4 or mkv, or leave it out.")
                .throwIfAny();
        BurnIn burnIn = BurnInFields.of(draft);
        List<UUID> ids = draft.cameraIds().stream().sorted().toList();
        named.require(caller, "cameraIds", ids, ExportRights.of(false).toArray(Permission[]::new));
        Times.Range range = Times.range(draft.from(), draft.to());
        long nowUs = nowMs.getAsLong() * 1_000;
        int daysMax = book().limits().daysMax();
        new Fields()
                .check(range.fromUs() < nowUs, "from", "\"from\" lies in the future, of which there is no footage yet.")
                .check(
                        range.toUs() <= nowUs + AHEAD_US,
                        "to",
                        "\"to\" lies in the future. Give now, " + Instant.ofEpochMilli(nowMs.getAsLong())
                                + ", or earlier.")
                .check(
                        range.toUs() - range.fromUs() <= TimeUnit.DAYS.toMicros(daysMax),
                        "to",
                        "The range is longer than " + daysMax + " days. Export in parts.")
                .throwIfAny();
        return new ExportOrder(
                ids,
                draft.stream().orElse(StreamRole.MAIN),
                range.fromUs(),
                // Of what is still to be recorded nobody knows whether there will be sound.
                Math.min(range.toUs(), nowUs),
                form,
                cut,
                reason,
                burnIn,
                sound);
    }

    /** Control characters, and halves of characters: not every database takes them. */
    private static boolean isStrange(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }

    private static void checkFootage(ExportOrder order, Estimate estimate) {
        new Fields()
                .check(
                        estimate.segments() > 0,
                        "from",
                        "There is no footage of the stream " + order.role().id()
                                + " of these cameras in this range. GET /api/v1/timeline tells when there is.")
                .check(
                        estimate.segments() <= Estimate.SEGMENTS_MAX,
                        "to",
                        "The range has more than " + Estimate.SEGMENTS_MAX + " files of footage. Export in parts.")
                .throwIfAny();
    }

    @DELETE
    @Path("{id}")
    @Audited("export.removed")
    @Operation(
            summary = "Takes an export back, however far it is, and removes its package",
            description = "By who ordered it, or who may manage storage.")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        new AuditFields("export/" + id, Map.of(), Map.of()).of(request);
        Caller caller = Caller.of(security);
        Exports.View view = require(id, caller);
        ExportJob job = view.job();
        Etags.requireMatch(ifMatch, Tagged.tag(ExportViews.Item.of(view)), "The export");
        if (!job.ownerId().equals(caller.user().id()) && !caller.may(Permission.MANAGE_STORAGE, Optional.empty())) {
            throw Problem.forbidden("Only " + job.ownerName() + ", who ordered the export, and who may manage storage"
                            + " remove it.")
                    .exception();
        }
        if (!book().remove(id)) {
            throw none(id);
        }
        return Response.noContent().build();
    }

    @POST
    @Path("verify")
    @Audited("export.verified")
    @Consumes({MediaType.APPLICATION_OCTET_STREAM, "application/zip"})
    @Operation(
            summary = "Says whether a package, which is the body, is what was exported",
            description =
                    "Read once and not kept. Names the first wrong bytes of each file, and files that are missing,"
                            + " were added or lie elsewhere. What is no package as it came from the server is not"
                            + " called altered: the only fault then is not_a_package, locked or repacked, and says"
                            + " what to give instead.")
    @RequestBody(
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "application/zip", schema = @Schema(type = "string", format = "binary"))
            })
    public ExportViews.Verdict verify(InputStream body, @Context HttpServletRequest request) throws IOException {
        if (!verifications.tryAcquire()) {
            throw Problem.unavailable(
                            VERIFICATIONS_MAX + " packages are being verified now. Try again in a moment.",
                            RETRY_SECONDS)
                    .exception();
        }
        try {
            ExportViews.Verdict verdict = ExportViews.Verdict.of(PackageCheck.of(
                    body,
                    book().limits().packageBytesMax(),
                    Absent.require(keys.get(), "The archive").keys()));
            new AuditFields(
                            "export/" + verdict.exportId().map(UUID::toString).orElse("unknown"),
                            Map.of(),
                            Map.of("intact", Boolean.toString(verdict.intact())))
                    .of(request);
            return verdict;
        } catch (PackageCheck.TooLargeException tooLarge) {
            throw new ProblemException(
                    Problem.tooLarge(
                            "The package is larger than " + book().limits().packageBytesMax()
                                    + " bytes. Verify it on another way: docs/design/export.md."),
                    tooLarge);
        } finally {
            verifications.release();
        }
    }

    private Exports.View require(UUID id, Caller caller) {
        return book().find(id).filter(view -> mayHave(caller, view.job())).orElseThrow(() -> none(id));
    }

    private static boolean mayHave(Caller caller, ExportJob job) {
        return job.order().cameraIds().stream()
                .allMatch(camera -> ExportRights.of(job, camera).stream().allMatch(right -> caller.may(right, camera)));
    }

    private static ProblemException none(UUID id) {
        return Problem.notFound("There is no export " + id + ", or not for you. GET " + BASE + " lists them.")
                .exception();
    }

    private Exports book() {
        Exports book = exports.get();
        if (!book.isReady()) {
            throw Problem.unavailable("Exports are being read from the database. Try again in a second.", 1)
                    .exception();
        }
        return book;
    }

    private Archive footage() {
        return Absent.require(archive.get(), "The archive");
    }
}
