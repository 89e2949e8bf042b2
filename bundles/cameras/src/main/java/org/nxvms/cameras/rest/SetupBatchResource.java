// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
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
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.SetupBatch;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/cameras/setups}: many cameras at a time; see docs/design/rest.md. */
@Path("setups")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class SetupBatchResource {
    private static final String ADDED = "camera.added";
    /** Each takes a thread of the server's while it waits. */
    private static final int WAITING_MAX = 8;

    private static final int WAIT_MS = 10_000;

    private final Semaphore waiting = new Semaphore(WAITING_MAX);
    private final Supplier<CameraSetup> setup;
    private final Supplier<AuditTrail> audit;

    SetupBatchResource(Supplier<CameraSetup> setup, Supplier<AuditTrail> audit) {
        this.setup = setup;
        this.audit = audit;
    }

    /** Cameras to be added; what is said once counts for those that do not say it. */
    @Schema(
            name = "CameraSetups",
            example = "{\"cameras\":[{\"address\":\"192.0.2.10\"},{\"address\":\"192.0.2.11\",\"name\":\"Yard\"}],"
                    + "\"username\":\"viewer\",\"password\":\"Correct-horse-7-battery\"}")
    public record BatchBody(
            @Schema(description = "1..256", requiredMode = Schema.RequiredMode.REQUIRED)
                    Optional<List<SetupResource.SetupBody>> cameras,
            Optional<String> username,
            @Schema(description = "Stored sealed, never given out", accessMode = Schema.AccessMode.WRITE_ONLY)
                    Optional<String> password,
            @Schema(description = "1..100 characters") Optional<String> group,
            Optional<RecordingBody> recording) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "BatchBody[" + cameras.map(List::size).orElse(0) + "]";
        }

        private SetupResource.SetupBody whole(SetupResource.SetupBody one) {
            boolean own = one.username().isPresent() || one.password().isPresent();
            return new SetupResource.SetupBody(
                    one.address(),
                    own ? one.username() : username,
                    own ? one.password() : password,
                    one.driver(),
                    one.name(),
                    one.group().or(() -> group),
                    one.recording().or(() -> recording));
        }

        List<SetupResource.SetupBody> bodies() {
            List<SetupResource.SetupBody> bodies = new ArrayList<>();
            for (SetupResource.SetupBody one : cameras.orElse(List.of())) {
                if (one == null) {
                    throw Problem.malformed("cameras", "\"cameras\" must hold objects, not null.")
                            .exception();
                }
                bodies.add(whole(one));
            }
            if (bodies.isEmpty() || bodies.size() > CameraSetup.ORDERS_MAX) {
                throw Problem.validation(
                                "cameras",
                                "Must hold 1.." + CameraSetup.ORDERS_MAX + " cameras, not " + bodies.size() + ".")
                        .exception();
            }
            return bodies;
        }
    }

    /** What has become of one camera. */
    @Schema(name = "CameraSetupItem")
    public record ItemView(
            @Schema(description = "As it was given, without a password") String address,
            @Schema(
                            type = "string",
                            allowableValues = {"waiting", "running", "added", "known", "failed"})
                    String state,
            @Schema(description = "The one that was added, or that there was") Optional<UUID> cameraId,
            @Schema(description = "What works on the one that was added") Optional<ReportView> report,
            @Schema(description = "The field that is wrong: address, username, password ...") Optional<String> field,
            @Schema(description = "Why it was not added, and what to do") Optional<String> detail) {
        static ItemView of(SetupBatch.Item item, Caller caller) {
            Optional<Problem> problem = item.failure().map(why -> problem(why, item.order()));
            return new ItemView(
                    CameraNotes.readable(item.order().address()).orElse(""),
                    item.state().name().toLowerCase(Locale.ROOT),
                    item.camera().filter(caller::sees),
                    item.camera()
                            .filter(caller::sees)
                            .flatMap(seen -> item.report())
                            .map(ReportView::of),
                    problem.flatMap(one -> one.errors().stream().findFirst()).map(error -> error.field()),
                    problem.map(Problem::detail));
        }

        private static Problem problem(Exception why, CameraSetup.Order order) {
            if (why instanceof DriverException of) {
                return SetupResource.problem(of, order);
            }
            return why instanceof InvalidCameraException invalid
                    ? Problem.validation(invalid.fields())
                    : Problem.conflict("It could not be added.");
        }
    }

    /** A batch with what has become of it so far. */
    @Schema(name = "CameraSetupBatch")
    public record BatchView(
            UUID id,
            Instant begun,
            @Schema(description = "Rises with each change") long revision,
            @Schema(description = "Whether more may come") boolean runs,
            List<ItemView> items) {
        static BatchView of(SetupBatch batch, Caller caller) {
            return new BatchView(
                    batch.id(),
                    batch.begun(),
                    batch.revision(),
                    batch.runs(),
                    batch.items().stream()
                            .filter(item -> mayIn(item.order().group(), caller))
                            .map(item -> ItemView.of(item, caller))
                            .toList());
        }

        private static boolean mayIn(Optional<String> group, Caller caller) {
            try {
                caller.requireIn(Permission.MANAGE_CAMERAS, group);
                return true;
            } catch (ProblemException no) {
                return false;
            }
        }
    }

    @Audited("camera.batch_begun")
    @POST
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Add many cameras by their addresses, with one login or one each",
            description = "Each as by setup, six at a time. Does not wait; GET tells what became of each.")
    @ApiResponse(
            responseCode = "202",
            description = "Begun",
            content = @Content(schema = @Schema(implementation = BatchView.class)))
    @ApiResponse(responseCode = "409", description = "Cameras are being added already")
    public Response begin(BatchBody body, @Context SecurityContext context, @Context HttpServletRequest request) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        Caller caller = Caller.of(context);
        new AuditFields(
                        "cameras",
                        Map.of(),
                        Map.of("cameras", "" + body.cameras().map(List::size).orElse(0)))
                .of(request);
        List<CameraSetup.Order> orders = new ArrayList<>();
        for (SetupResource.SetupBody one : body.bodies()) {
            caller.requireIn(Permission.MANAGE_CAMERAS, one.group());
            orders.add(one.order());
        }
        // Its login goes to each of them, also where nothing comes of it.
        new AuditFields(
                        "cameras",
                        Map.of(),
                        Map.of(
                                "cameras",
                                "" + orders.size(),
                                "addresses",
                                orders.stream()
                                        .map(order -> CameraNotes.readable(order.address())
                                                .orElse("?"))
                                        .collect(Collectors.joining(" "))))
                .of(request);
        AuditNote.Actor actor = AuditNote.Actor.of(caller.user(), request.getRemoteAddr());
        try {
            SetupBatch batch = setup().begin(orders, noting(actor));
            return Response.accepted(BatchView.of(batch, caller))
                    .location(URI.create(batch.id().toString()))
                    .build();
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
    }

    /** {@return what has each camera in the audit, as if it had been added alone} */
    private Consumer<Camera> noting(AuditNote.Actor actor) {
        return camera -> {
            AuditTrail trail = audit.get();
            if (trail != null) {
                trail.note(new AuditNote(
                        ADDED,
                        true,
                        actor,
                        CameraNotes.subject(camera.id()),
                        Map.of(),
                        new TreeMap<>(CameraNotes.who(camera))));
            }
        };
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Operation(
            summary = "What has become of cameras that are added together",
            description = "With after=revision it answers as soon as there is more, the batch is over, or 10 s are.")
    @ApiResponse(
            responseCode = "200",
            description = "So far",
            content = @Content(schema = @Schema(implementation = BatchView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such batch, or others came after it")
    @ApiResponse(responseCode = "429", description = "Too many wait already; Retry-After says when to ask again")
    public BatchView batch(
            @PathParam("id") UUID id,
            @Parameter(description = "Wait for what comes after this revision") @QueryParam("after") Long after,
            @Context SecurityContext context) {
        Caller caller = Caller.of(context);
        return (after == null ? setup().batch(id) : await(id, after))
                .map(batch -> BatchView.of(batch, caller))
                .orElseThrow(() -> Problem.notFound("There is no batch " + id + "; the last few are remembered.")
                        .exception());
    }

    private Optional<SetupBatch> await(UUID id, long after) {
        if (!waiting.tryAcquire()) {
            throw Problem.tooManyRequests("Too many wait for batches. Ask without after, or again later.", 1)
                    .exception();
        }
        try {
            return setup().await(id, after, WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return setup().batch(id);
        } finally {
            waiting.release();
        }
    }

    private CameraSetup setup() {
        return Absent.require(setup.get(), "The setup of cameras");
    }
}
