// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras/{id}/ptz/presets}: see docs/design/rest.md. */
@Path("{id}/ptz/presets")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class PresetsResource {
    private static final int NAME_MAX = 64;

    private final Supplier<CameraControl> control;
    private final PtzTurns turns;
    private final Standing.Clock clock;

    PresetsResource(Supplier<CameraControl> control, PtzTurns turns) {
        this(control, turns, Standing.Clock.SYSTEM);
    }

    /** @param clock by which a camera is waited for */
    PresetsResource(Supplier<CameraControl> control, PtzTurns turns, Standing.Clock clock) {
        this.control = control;
        this.turns = turns;
        this.clock = clock;
    }

    /** A kept position. */
    @Schema(name = "PtzPreset")
    public record PresetView(
            String token,
            String name,
            @Schema(description = "Whether it is the device's own home position, which cannot be forgotten")
                    boolean home,
            @Schema(description = "Whether it can be kept anew, under another name or where the camera looks now")
                    boolean changeable) {
        static PresetView of(PtzPresets presets, PtzPresets.Preset preset) {
            return new PresetView(
                    preset.token(), preset.name(), isHome(preset.token()), presets.replaces(preset.token()));
        }
    }

    /** What a new preset is called. */
    @Schema(name = "PtzPresetDraft")
    public record PresetBody(@Schema(description = "1..64 characters") String name) {}

    /** What is to be another with a preset. */
    @Schema(name = "PtzPresetChange")
    public record ChangeBody(
            @Schema(description = "1..64 characters; the home position has none of its own") Optional<String> name,
            @Schema(description = "Whether it is to be where the camera looks now; by default it stays where it is")
                    Optional<Boolean> here) {}

    @GET
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Positions that the camera keeps under a name")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<PresetView> presets(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return Page.whole(control().ask(id, PtzPresets.class, presets -> presets.presets().stream()
                .map(preset -> PresetView.of(presets, preset))
                .toList()));
    }

    @Audited("ptz.preset_kept")
    @POST
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Keep the position of now under a name")
    @ApiResponse(
            responseCode = "201",
            description = "Kept",
            content = @Content(schema = @Schema(implementation = PresetView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response keep(@PathParam("id") UUID id, PresetBody body, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        String name = checked(PtzResource.given(body).name());
        new AuditFields(CameraNotes.subject(id), Map.of(), Map.of("preset", name)).of(request);
        PresetView kept = control().ask(id, PtzPresets.class, presets -> PresetView.of(presets, presets.keep(name)));
        return Response.status(Response.Status.CREATED).entity(kept).build();
    }

    @Audited("ptz.preset_changed")
    @PATCH
    @Path("{token}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Give a kept position another name, or have it where the camera looks now",
            description = "Cameras keep a name only together with where they look: without `here` it is turned to the"
                    + " position first, which needs the right to move it, too, and kept when it stands there: some seconds,"
                    + " in which nobody may move it.")
    @ApiResponse(responseCode = "200", description = "As it is kept now")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING + ", or somebody moved it meanwhile")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public PresetView change(
            @PathParam("id") UUID id,
            @PathParam("token") String token,
            ChangeBody body,
            @Context SecurityContext context,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        PtzResource.check(token);
        boolean here = PtzResource.given(body).here().orElse(false);
        if (isHome(token) && (!here || body.name().isPresent())) {
            throw Problem.validation("name", "The home position has no name of its own; it can be kept anew with here.")
                    .exception();
        }
        if (!here && body.name().isEmpty()) {
            throw Problem.malformed("Nothing is to be another. Send a name, or here.")
                    .exception();
        }
        Optional<String> name = body.name().map(PresetsResource::checked);
        Caller caller = Caller.of(context);
        if (!here) {
            caller.require(Permission.CONTROL_PTZ, id);
        }
        try (PtzTurns.Hold hold = turns.hold(id, caller)) {
            PtzPresets.Preset before = control().ask(id, PtzPresets.class, presets -> found(presets, token));
            String wanted = name.orElse(before.name());
            new AuditFields(CameraNotes.subject(id), Map.of("preset", before.name()), Map.of("preset", wanted))
                    .of(request);
            if (!here) {
                turnTo(id, token, hold);
            }
            // Asked on the camera's line, where a move that has taken the turn later comes later, too.
            return control()
                    .ask(
                            id,
                            PtzPresets.class,
                            presets -> hold.goOn()
                                    ? Optional.of(PresetView.of(presets, presets.keep(token, wanted)))
                                    : Optional.<PresetView>empty())
                    .orElseThrow(PtzTurns::disturbed);
        }
    }

    /** Returns when the camera stands there, and nobody has moved it on its way. */
    private void turnTo(UUID id, String token, PtzTurns.Hold hold) throws DriverException, DriverMissingException {
        Standing standing = new Standing(
                () -> {
                    if (!hold.goOn()) {
                        throw PtzTurns.disturbed();
                    }
                    return control().ask(id, Ptz.class, Ptz::position);
                },
                clock);
        control().steer(id, PtzPresets.class, presets -> {
            presets.go(token);
            return true;
        });
        standing.await();
    }

    private static PtzPresets.Preset found(PtzPresets presets, String token) throws DriverException {
        PtzPresets.Preset preset = presets.presets().stream()
                .filter(one -> one.token().equals(token))
                .findFirst()
                .orElseThrow(() -> new DriverException(
                        DriverException.Kind.NOT_FOUND, "The camera has no position '" + token + "'."));
        if (!presets.replaces(token)) {
            throw new DriverException(
                    DriverException.Kind.UNSUPPORTED,
                    "The camera replaces no kept position; keep it under a new name.");
        }
        return preset;
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("{token}/go")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Move to a kept position")
    @ApiResponse(responseCode = "204", description = "It moves")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response go(@PathParam("id") UUID id, @PathParam("token") String token, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        PtzResource.check(token);
        turns.take(id, Caller.of(context));
        control().steer(id, PtzPresets.class, presets -> {
            presets.go(token);
            return true;
        });
        return PtzResource.done();
    }

    @Audited("ptz.preset_forgotten")
    @DELETE
    @Path("{token}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Forget a kept position")
    @ApiResponse(responseCode = "204", description = "Forgotten, or there was none")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response forget(
            @PathParam("id") UUID id, @PathParam("token") String token, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        PtzResource.check(token);
        new AuditFields(CameraNotes.subject(id), Map.of("preset", token), Map.of()).of(request);
        control().tell(id, PtzPresets.class, presets -> presets.forget(token));
        return PtzResource.done();
    }

    private static boolean isHome(String token) {
        return token.equals(PtzPresets.Preset.HOME);
    }

    private static String checked(String given) {
        String name = given == null ? "" : given.strip();
        if (name.isEmpty() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.validation("name", "Must have 1.." + NAME_MAX + " characters without control characters.")
                    .exception();
        }
        return name;
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
