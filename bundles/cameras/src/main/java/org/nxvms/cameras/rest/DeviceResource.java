// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras/{id}/device}: see docs/design/rest.md. */
@Path("{id}/device")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class DeviceResource {
    private static final Pattern PORT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Supplier<CameraControl> control;

    DeviceResource(Supplier<CameraControl> control) {
        this.control = control;
    }

    /** The clock of a device. */
    @Schema(name = "DeviceClock")
    public record ClockView(Instant time, @Schema(description = "How far it is ahead of the server's") long offsetMs) {}

    /** An input or output. */
    @Schema(name = "IoPort")
    public record PortView(
            String id,
            String name,
            @Schema(
                            type = "string",
                            allowableValues = {"input", "output"})
                    DigitalIo.Direction direction,
            boolean on) {}

    /** How an output shall be. */
    @Schema(name = "IoState")
    public record PortBody(Boolean on) {}

    @GET
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(summary = "Who the device says it is, firmware included", description = "Asks the device.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public ProbeView.Identity identity(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return ProbeView.Identity.of(control().identity(id));
    }

    @GET
    @Path("clock")
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(summary = "The device's own clock")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public ClockView clock(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return control().ask(id, DeviceClock.class, DeviceResource::read);
    }

    @Audited("device.clock_set")
    @POST
    @Path("clock/sync")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Set the device's clock to the server's", description = "Answers with how it stands then.")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public ClockView sync(@PathParam("id") UUID id, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        return Telling.ask(request, telling -> control()
                .ask(
                        id,
                        DeviceClock.class,
                        clock -> telling.of(() -> {
                            clock.set(Instant.now());
                            return read(clock);
                        })));
    }

    private static ClockView read(DeviceClock clock) throws DriverException {
        Instant before = Instant.now();
        Instant time = clock.now();
        long middleMs = (before.toEpochMilli() + Instant.now().toEpochMilli()) / 2;
        return new ClockView(time, time.toEpochMilli() - middleMs);
    }

    @Audited("device.rebooted")
    @POST
    @Path("reboot")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Start the device anew", description = "Its footage has a gap of a minute or so.")
    @ApiResponse(responseCode = "202", description = "The device has agreed")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response reboot(@PathParam("id") UUID id, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        Telling.ask(request, telling -> control()
                .ask(
                        id,
                        Reboot.class,
                        device -> telling.of(() -> {
                            device.reboot();
                            return true;
                        })));
        return Response.accepted().build();
    }

    @GET
    @Path("io")
    @Requires(value = Permission.VIEW_LIVE, camera = "id")
    @Operation(summary = "Inputs and outputs as they are now")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<PortView> ports(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        List<PortView> ports = control().look(id, DigitalIo.class, io -> io.ports().stream()
                .map(port -> new PortView(port.id(), port.name(), port.direction(), port.on()))
                .toList());
        return Page.whole(ports);
    }

    @Audited(value = "output.switched", often = true)
    @POST
    @Path("io/{port}")
    @Requires(value = Permission.CONTROL_IO, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Switch an output; it stays so until it is switched again")
    @ApiResponse(responseCode = "204", description = "Switched")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response set(
            @PathParam("id") UUID id,
            @PathParam("port") String port,
            PortBody body,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        if (body == null || body.on() == null) {
            throw Problem.malformed("on", "\"on\" is missing. Send {\"on\":true} or {\"on\":false}.")
                    .exception();
        }
        if (!PORT.matcher(port).matches()) {
            throw Problem.notFound("There is no such output: a port has 1..64 letters, digits, dots, hyphens and"
                            + " underscores. GET ../io lists them.")
                    .exception();
        }
        boolean on = body.on();
        new AuditFields(CameraNotes.subject(id), Map.of(), Map.of(AuditNote.WAY, port + (on ? " on" : " off")))
                .of(request);
        control().tell(id, DigitalIo.class, io -> io.set(port, on));
        return Response.noContent().build();
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
