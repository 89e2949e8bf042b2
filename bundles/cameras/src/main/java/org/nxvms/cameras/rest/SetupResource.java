// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.FieldError;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras/setup} and what works on a camera: see docs/design/rest.md. */
@Path("/")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class SetupResource {
    private final Supplier<CameraRegistry> registry;
    private final Supplier<CameraSetup> setup;

    SetupResource(Supplier<CameraRegistry> registry, Supplier<CameraSetup> setup) {
        this.registry = registry;
        this.setup = setup;
    }

    /** A camera of which no more is known than where it is and how to log in. */
    @Schema(
            name = "CameraSetup",
            example = "{\"address\":\"192.0.2.10\",\"username\":\"viewer\",\"password\":\"Correct-horse-7-battery\"}")
    public record SetupBody(
            @Schema(
                            description = "A host, a host with a port, or a URL",
                            example = "192.0.2.10",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    Optional<String> address,
            Optional<String> username,
            @Schema(description = "Stored sealed, never given out", accessMode = Schema.AccessMode.WRITE_ONLY)
                    Optional<String> password,
            @Schema(description = "Id of a driver; left out: whoever knows the device") Optional<String> driver,
            @Schema(description = "Left out: maker, model and host") Optional<String> name,
            @Schema(description = "1..100 characters") Optional<String> group,
            Optional<RecordingBody> recording) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "SetupBody[" + name.orElse("") + "]";
        }

        CameraSetup.Order order() {
            return new CameraSetup.Order(
                    address.orElseThrow(() -> Problem.malformed("address", "\"address\" is missing. Give it.")
                            .exception()),
                    driver.filter(text -> !text.isBlank()),
                    name.filter(text -> !text.isBlank()),
                    username,
                    password,
                    group,
                    recording.map(RecordingBody::settings).orElse(RecordingSettings.DEFAULT));
        }

        /** {@return what the audit is told} */
        Map<String, String> noted() {
            return CameraNotes.wished(new CameraBody(
                    name,
                    driver,
                    address,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    username,
                    Optional.empty(),
                    Optional.empty(),
                    group,
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    /** What was added, and what was seen of it. */
    @Schema(name = "CameraAdded")
    public record AddedView(CameraView camera, ReportView report) {}

    @Audited("camera.added")
    @POST
    @Path("setup")
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Add a camera by its address and its login alone",
            description =
                    "Asks the drivers who is there, opens its streams up to their first key frames, tries its control"
                            + " functions, and adds it when its main stream brings pictures. Answers within 10 s, with what works on"
                            + " it and what does not, or with the one thing that is wrong, by field.")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = AddedView.class)))
    @ApiResponse(
            responseCode = "409",
            description = "It is configured already, or there are as many cameras as there may be")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response add(SetupBody body, @Context SecurityContext context, @Context HttpServletRequest request)
            throws InvalidCameraException {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        Caller caller = Caller.of(context);
        new AuditFields("camera", Map.of(), body.noted()).of(request);
        caller.requireIn(Permission.MANAGE_CAMERAS, body.group());
        CameraSetup.Order order = body.order();
        CameraSetup.Added added;
        try {
            added = setup().add(order);
        } catch (DriverException e) {
            throw problem(e, order).exception();
        } catch (CameraKnownException e) {
            throw Problem.conflict(e.getMessage()
                            + (caller.sees(e.camera())
                                    ? " See " + CamerasResource.BASE + "/" + e.camera() + "."
                                    : " Ask an administrator for it."))
                    .exception();
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage()).exception();
        }
        Camera camera = added.camera();
        new AuditFields(CameraNotes.subject(camera.id()), Map.of(), CameraNotes.who(camera)).of(request);
        return Response.created(URI.create(camera.id().toString()))
                .header(HttpHeaders.ETAG, Etags.of(camera.version()))
                .entity(new AddedView(
                        CameraView.of(camera, registry().status(camera.id()), caller.allowed(camera.id())),
                        ReportView.of(added.report())))
                .build();
    }

    /** {@return a problem that names the field to look at} */
    static Problem problem(DriverException e, CameraSetup.Order order) {
        Problem problem = CameraProblems.of(e);
        Optional<String> field =
                switch (e.kind()) {
                    case AUTH -> Optional.of(order.username().isEmpty() ? "username" : "password");
                    case UNREACHABLE, PROTOCOL, UNSUPPORTED, CONFIG -> Optional.of("address");
                    default -> Optional.empty();
                };
        return field.map(name -> problem.withErrors(List.of(new FieldError(name, problem.detail()))))
                .orElse(problem);
    }

    @GET
    @Path("{id}/report")
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(summary = "What worked on a camera and what did not, when it was tried last")
    @ApiResponse(
            responseCode = "200",
            description = "As it was seen",
            content = @Content(schema = @Schema(implementation = ReportView.class)))
    @ApiResponse(responseCode = "204", description = "It was never tried: POST does that")
    public Response report(@PathParam("id") UUID id) {
        find(id);
        return setup().report(id)
                .map(report -> Response.ok(ReportView.of(report)))
                .orElseGet(Response::noContent)
                .build();
    }

    @Audited("camera.checked")
    @POST
    @Path("{id}/report")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(
            summary = "Try a camera again, and keep what was seen",
            description =
                    "Opens its streams beside what the server receives of it already; its recording goes on untouched."
                            + " Moves, changes and sets nothing. Answers within 10 s.")
    @ApiResponse(
            responseCode = "200",
            description = "As it was seen",
            content = @Content(schema = @Schema(implementation = ReportView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public ReportView check(@PathParam("id") UUID id, @Context HttpServletRequest request) throws DriverException {
        Camera camera = find(id);
        new AuditFields(CameraNotes.subject(id), Map.of(), CameraNotes.who(camera)).of(request);
        return ReportView.of(setup().check(id));
    }

    private Camera find(UUID id) {
        return registry().find(id).orElseThrow(() -> Problem.noCamera(id).exception());
    }

    private CameraRegistry registry() {
        return Absent.require(registry.get(), "The camera registry");
    }

    private CameraSetup setup() {
        return Absent.require(setup.get(), "The setup of cameras");
    }
}
