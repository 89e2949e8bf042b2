// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Times;

/**
 * {@code /api/v1/cameras/{id}/edge-recordings}: see docs/design/rest.md. The footage itself is fetched from {@code
 * /media/v1/edge}, because JAX-RS cannot break an answer off: half a file would look like a whole one.
 */
@Path("{id}/edge-recordings")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class EdgeResource {
    private final Supplier<CameraControl> control;

    EdgeResource(Supplier<CameraControl> control) {
        this.control = control;
    }

    /** A stretch of footage on the camera's own storage. */
    @Schema(name = "EdgeRecording")
    public record RecordingView(
            String id,
            @Schema(description = "By the camera's clock") Instant from,
            @Schema(description = "By the camera's clock; left out while it is recorded") Optional<Instant> to) {}

    @GET
    @Requires(value = Permission.VIEW_ARCHIVE, camera = "id")
    @Operation(
            summary = "What a camera has recorded itself",
            description = "Oldest first, at most 1000; all times are by the camera's clock.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<RecordingView> recordings(
            @PathParam("id") UUID id,
            @Parameter(description = "RFC 3339 or milliseconds") @QueryParam("from") String from,
            @Parameter(description = "Exclusive") @QueryParam("to") String to)
            throws DriverException, DriverMissingException {
        Times.Range range = Times.range(from, to);
        Instant first = Times.instant(range.fromUs());
        Instant end = Times.instant(range.toUs());
        List<RecordingView> found = control()
                .look(id, EdgeRecordings.class, edge -> edge.recordings(first, end).stream()
                        .limit(EdgeRecordings.RECORDINGS_MAX)
                        .map(one -> new RecordingView(one.id(), one.from(), one.to()))
                        .toList());
        return Page.whole(found);
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
