// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;

/** {@code /api/v1/cameras/{id}/talk}: see docs/design/rest.md. The sound itself goes over {@code /ws/v1/talk/{id}}. */
@Path("{id}/talk")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class TalkResource {
    private final Supplier<CameraControl> control;

    TalkResource(Supplier<CameraControl> control) {
        this.control = control;
    }

    /** One way in which a camera takes sound. */
    @Schema(name = "TalkFormat")
    public record FormatView(
            @Schema(
                            type = "string",
                            allowableValues = {"pcmu", "pcma", "aac", "opus"})
                    AudioOut.Codec codec,
            int sampleRateHz,
            int channels) {}

    /** How one can talk through a camera. */
    @Schema(name = "Talk")
    public record TalkView(
            @Schema(description = "Best first") List<FormatView> formats,
            @Schema(description = "Who talks now") Optional<String> talker) {}

    @GET
    @Requires(value = Permission.TALK, camera = "id")
    @Operation(summary = "How one can talk through a camera, and who does", description = "Asks the camera.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public TalkView talk(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        CameraControl control = Absent.require(this.control.get(), "The control of cameras");
        List<FormatView> formats = control.ask(id, AudioOut.class, speaker -> speaker.formats().stream()
                .map(format -> new FormatView(format.codec(), format.sampleRateHz(), format.channels()))
                .toList());
        return new TalkView(formats, control.talker(id));
    }
}
