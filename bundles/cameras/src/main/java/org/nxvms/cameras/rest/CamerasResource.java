// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras}: see docs/design/rest.md. */
@Path("/")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class CamerasResource {
    static final String BASE = "/api/v1/cameras";
    private static final int LIMIT_DEFAULT = 200;
    private static final int LIMIT_MAX = 1_000;
    private static final int FILTER_LENGTH_MAX = 200;

    private final Supplier<CameraRegistry> registry;
    private final Supplier<CameraControl> control;
    private final Snapshots snapshots;

    CamerasResource(Supplier<CameraRegistry> registry, Supplier<CameraControl> control, Snapshots snapshots) {
        this.registry = registry;
        this.control = control;
        this.snapshots = snapshots;
    }

    @GET
    @Requires({})
    @Operation(summary = "Cameras on which the caller has any right, by name")
    public Page<CameraView> list(
            @Parameter(description = "1..1000, default 200") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Parameter(description = "Part of name, group or address, in any case") @QueryParam("filter") String filter,
            @Context SecurityContext context) {
        int count = Page.limit(limit, LIMIT_DEFAULT, LIMIT_MAX);
        Optional<String> after = Page.key(cursor);
        String part = filter == null ? "" : filter.strip().toLowerCase(Locale.ROOT);
        if (part.length() > FILTER_LENGTH_MAX) {
            throw Problem.malformed("filter", "\"filter\" has more than " + FILTER_LENGTH_MAX + " characters.")
                    .exception();
        }
        Caller caller = Caller.of(context);
        CameraRegistry cameras = registry();
        // One more than asked tells whether there is a next page.
        List<Camera> found = cameras.list().stream()
                .filter(camera -> after.isEmpty() || key(camera).compareTo(after.get()) > 0)
                .filter(camera -> matches(camera, part, caller.may(Permission.VIEW_CONFIGURATION, camera.id())))
                .filter(camera -> caller.sees(camera.id()))
                .sorted((a, b) -> key(a).compareTo(key(b)))
                .limit(count + 1L)
                .toList();
        List<Camera> page = found.subList(0, Math.min(count, found.size()));
        return new Page<>(
                page.stream().map(camera -> view(cameras, camera, caller)).toList(),
                found.size() > count ? Optional.of(Page.cursor(key(page.get(count - 1)))) : Optional.empty());
    }

    @Audited("camera.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Add a camera and start it", description = "Does not wait for contact; see its status.")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = CameraView.class)))
    @ApiResponse(responseCode = "409", description = "There are as many cameras as there may be")
    public Response create(CameraBody body, @Context SecurityContext context, @Context HttpServletRequest request)
            throws InvalidCameraException {
        new AuditFields("camera", Map.of(), CameraNotes.wished(given(body))).of(request);
        Caller.of(context).requireIn(Permission.MANAGE_CAMERAS, given(body).group());
        CameraRegistry cameras = registry();
        Camera camera;
        try {
            camera = cameras.create(given(body).draft(Optional.empty()));
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage()).exception();
        }
        new AuditFields(CameraNotes.subject(camera.id()), Map.of(), CameraNotes.who(camera)).of(request);
        return Response.created(URI.create(camera.id().toString()))
                .header(HttpHeaders.ETAG, Etags.of(camera.version()))
                .entity(view(cameras, camera, Caller.of(context)))
                .build();
    }

    @Audited("camera.probed")
    @POST
    @Path("probe")
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Try a configuration without saving it",
            description = "Opens every stream up to its first key frame. Answers within 10 s, with a report or with the"
                    + " one thing that is wrong (camera-unreachable, camera-auth, camera-protocol, ...).")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public ProbeView probe(
            @Parameter(
                            description = "A stored camera whose password is used when the body gives none. Works only"
                                    + " while host and port are those of the stored camera")
                    @QueryParam("cameraId")
                    UUID cameraId,
            CameraBody body,
            @Context SecurityContext context,
            @Context HttpServletRequest request)
            throws InvalidCameraException, DriverException {
        String subject = cameraId == null ? "camera" : CameraNotes.subject(cameraId);
        new AuditFields(subject, Map.of(), CameraNotes.wished(given(body))).of(request);
        CameraRegistry cameras = registry();
        if (cameraId != null) {
            Caller.of(context).require(Permission.MANAGE_CAMERAS, cameraId);
            find(cameras, cameraId);
        }
        return ProbeView.of(cameras.probe(given(body).draft(Optional.of("test")), Optional.ofNullable(cameraId)));
    }

    @GET
    @Path("{id}")
    @Requires(
            value = {},
            camera = "id")
    @Operation(summary = "One camera")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = CameraView.class)))
    public Response one(@PathParam("id") UUID id, @Context SecurityContext context) {
        CameraRegistry cameras = registry();
        return answer(cameras, find(cameras, id), Caller.of(context));
    }

    @Audited("camera.changed")
    @PATCH
    @Path("{id}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a camera",
            description = "JSON merge patch: what is given replaces, null takes away, what is left out stays.")
    @RequestBody(content = @Content(schema = @Schema(implementation = CameraBody.class)))
    @ApiResponse(
            responseCode = "200",
            description = "Changed, with its new ETag",
            content = @Content(schema = @Schema(implementation = CameraView.class)))
    public Response change(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Parameter(hidden = true) JsonNode patch,
            @Context SecurityContext context,
            @Context HttpServletRequest request)
            throws InvalidCameraException {
        if (!(patch instanceof ObjectNode fields)) {
            throw Problem.malformed("The body has another shape than expected. Send one JSON object.")
                    .exception();
        }
        CameraRegistry cameras = registry();
        Camera before = find(cameras, id);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The camera");
        CameraBody merged = CameraMerge.apply(before, fields);
        if (!merged.group().equals(before.group())) {
            // Who may see the camera is decided by where it stands.
            Caller.of(context).requireIn(Permission.MANAGE_CAMERAS, merged.group());
        }
        // The merge was made upon this version; a change in between must not be lost.
        Camera camera = cameras.update(id, Optional.of(before.version()), merged.draft(Optional.empty()));
        CameraNotes.change(before, camera, fields).of(request);
        return answer(cameras, camera, Caller.of(context));
    }

    @Audited("camera.removed")
    @DELETE
    @Path("{id}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Remove a camera; its footage stays until retention removes it")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context HttpServletRequest request) {
        CameraRegistry cameras = registry();
        Camera before = find(cameras, id);
        new AuditFields(CameraNotes.subject(id), CameraNotes.who(before), Map.of()).of(request);
        boolean conditional = Etags.requireMatch(ifMatch, Etags.of(before.version()), "The camera");
        if (!cameras.delete(id, conditional ? Optional.of(before.version()) : Optional.empty())) {
            throw missing(id);
        }
        return Response.noContent().build();
    }

    @GET
    @Path("{id}/status")
    @Requires(
            value = {},
            camera = "id")
    @Operation(summary = "How a camera fares now")
    public CameraView.Status status(@PathParam("id") UUID id, @Context SecurityContext context) {
        boolean configuration = Caller.of(context).may(Permission.VIEW_CONFIGURATION, id);
        return registry()
                .status(id)
                .map(status -> CameraView.Status.of(status, configuration))
                .orElseThrow(() -> missing(id));
    }

    @GET
    @Path("{id}/snapshot")
    @Produces("image/jpeg")
    @Requires(value = Permission.VIEW_LIVE, camera = "id")
    @Operation(
            summary = "The newest key frame as JPEG",
            description = "The header X-NXvms-Captured says when it was taken. 503 while the stream sends nothing. With"
                    + " source=device a picture that the camera takes itself, as wide as it comes.")
    @ApiResponse(responseCode = "200", description = "The picture", content = @Content(mediaType = "image/jpeg"))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response snapshot(
            @PathParam("id") UUID id,
            @Parameter(description = "main (default) or sub") @QueryParam("stream") String stream,
            @Parameter(description = "16..7680; a wider picture is scaled down to it") @QueryParam("width")
                    Integer width,
            @Parameter(description = "stream (default) or device") @QueryParam("source") SnapshotSource source)
            throws DriverException, DriverMissingException {
        find(registry(), id);
        if (source == SnapshotSource.DEVICE) {
            return ofDevice(id, role(stream), width);
        }
        int widthMax = width == null ? Snapshots.WIDTH_MAX : width;
        if (widthMax < Snapshots.WIDTH_MIN || widthMax > Snapshots.WIDTH_MAX) {
            throw Problem.malformed("width", "\"width\" must be 16..7680, not " + width + ".")
                    .exception();
        }
        Snapshots.Snapshot snapshot = snapshots
                .take(new StreamId(id, role(stream)), widthMax)
                .orElseThrow(() -> Problem.unavailable(
                                "The camera sends no pictures of this stream at the moment; GET " + BASE + "/" + id
                                        + "/status says why.",
                                1)
                        .exception());
        return Response.ok(snapshot.jpeg(), "image/jpeg")
                .header("X-NXvms-Captured", snapshot.taken().toString())
                .build();
    }

    /** Who makes a snapshot. */
    public enum SnapshotSource {
        STREAM,
        DEVICE
    }

    private Response ofDevice(UUID id, StreamRole role, Integer width) throws DriverException, DriverMissingException {
        if (width != null) {
            throw Problem.malformed("width", "\"width\" cannot be chosen with source=device. Leave it out.")
                    .exception();
        }
        byte[] jpeg = Absent.require(control.get(), "The control of cameras")
                .look(id, DeviceSnapshot.class, device -> device.jpeg(role));
        return Response.ok(Snapshots.checked(jpeg), "image/jpeg")
                .header(
                        "X-NXvms-Captured",
                        Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .build();
    }

    private static StreamRole role(String stream) {
        try {
            return stream == null ? StreamRole.MAIN : StreamRole.of(stream);
        } catch (IllegalArgumentException unknown) {
            throw Problem.malformed("stream", unknown.getMessage() + ".").exception();
        }
    }

    private CameraRegistry registry() {
        return Absent.require(registry.get(), "The camera registry");
    }

    private static CameraBody given(CameraBody body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }

    private static Response answer(CameraRegistry cameras, Camera camera, Caller caller) {
        return Tagged.ok(view(cameras, camera, caller), Etags.of(camera.version()));
    }

    private static CameraView view(CameraRegistry cameras, Camera camera, Caller caller) {
        return CameraView.of(camera, cameras.status(camera.id()), caller.allowed(camera.id()));
    }

    private static Camera find(CameraRegistry cameras, UUID id) {
        return cameras.find(id).orElseThrow(() -> missing(id));
    }

    private static RuntimeException missing(UUID id) {
        return Problem.noCamera(id).exception();
    }

    /** Who may not see the address must not find out about it by searching. */
    private static boolean matches(Camera camera, String part, boolean byAddress) {
        return part.isEmpty()
                || camera.name().toLowerCase(Locale.ROOT).contains(part)
                || camera.group().orElse("").toLowerCase(Locale.ROOT).contains(part)
                || byAddress
                        && camera.address().toString().toLowerCase(Locale.ROOT).contains(part);
    }

    /** Order by name, then id: stable while pages are read, whatever is added or removed meanwhile. */
    private static String key(Camera camera) {
        return camera.name().toLowerCase(Locale.ROOT) + "\n" + camera.id();
    }
}
