// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras/{id}/recording}: see docs/design/rest.md. */
@Path("{id}/recording")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class ManualRecordingResource {
    private static final int DURATION_SECONDS_MAX = 86_400;

    private final Supplier<CameraRegistry> registry;

    ManualRecordingResource(Supplier<CameraRegistry> registry) {
        this.registry = registry;
    }

    /** Body of a manual recording. */
    @Schema(name = "RecordingRequest")
    public record RecordingRequest(
            @Schema(description = "1..86400; left out: until it is stopped") Optional<Integer> durationSeconds,
            @Schema(
                            description = "Left out: the streams that are recorded at other times",
                            allowableValues = {"main", "sub"})
                    Optional<List<StreamRole>> streams) {
        public RecordingRequest {
            durationSeconds.ifPresent(seconds -> {
                if (seconds < 1 || seconds > DURATION_SECONDS_MAX) {
                    throw new IllegalArgumentException(
                            "durationSeconds must be 1.." + DURATION_SECONDS_MAX + ", not " + seconds);
                }
            });
        }
    }

    @Audited("recording.started")
    @POST
    @Path("start")
    @Requires(value = Permission.CONTROL_RECORDING, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Record now, whatever the mode",
            description = "Goes on over restarts until the time is over or it is stopped. Asked again, the newer"
                    + " request counts.")
    @ApiResponse(responseCode = "204", description = "Asked for; see the camera's status")
    @ApiResponse(responseCode = "409", description = "The camera is switched off")
    public Response startRecording(
            @PathParam("id") UUID id, RecordingRequest request, @Context HttpServletRequest servletRequest) {
        if (request == null) {
            throw Problem.malformed("The body is empty. Send a JSON object, {} for no limit.")
                    .exception();
        }
        Map<String, String> length = request.durationSeconds()
                .map(seconds -> Map.of("durationSeconds", seconds.toString()))
                .orElse(Map.of());
        new AuditFields(CameraNotes.subject(id), Map.of(), length).of(servletRequest);
        try {
            registry()
                    .startRecording(
                            id,
                            request.streams().map(Set::copyOf).orElse(Set.of()),
                            request.durationSeconds().map(Duration::ofSeconds));
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
        return Response.noContent().build();
    }

    @Audited("recording.stopped")
    @POST
    @Path("stop")
    @Requires(value = Permission.CONTROL_RECORDING, camera = "id")
    @Operation(summary = "End a recording that was asked for by hand; what the mode asks for goes on")
    @ApiResponse(responseCode = "204", description = "Ended, or there was none")
    public Response stopRecording(@PathParam("id") UUID id) {
        registry().stopRecording(id);
        return Response.noContent().build();
    }

    private CameraRegistry registry() {
        return Absent.require(registry.get(), "The camera registry");
    }
}
