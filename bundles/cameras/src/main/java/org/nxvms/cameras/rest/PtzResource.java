// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/cameras/{id}/ptz}: see docs/design/rest.md. */
@Path("{id}/ptz")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class PtzResource {
    private static final Pattern TOKEN = Pattern.compile("[^\\p{Cntrl}]{1," + PtzPresets.Preset.TOKEN_CHARS_MAX + "}");

    private final Supplier<CameraControl> control;
    private final PtzTurns turns;

    PtzResource(Supplier<CameraControl> control, PtzTurns turns) {
        this.control = control;
        this.turns = turns;
    }

    /** What one axis takes in one kind of motion. */
    @Schema(name = "PtzSpace")
    public record SpaceView(
            @Schema(
                            type = "string",
                            allowableValues = {"absolute", "relative", "continuous"})
                    Motion motion,
            @Schema(
                            type = "string",
                            allowableValues = {"pan", "tilt", "zoom", "focus"})
                    Axis axis,
            double min,
            double max,
            @Schema(
                            type = "string",
                            allowableValues = {"fraction", "degrees", "magnification"})
                    PtzSpace.Unit unit) {}

    /** What a camera can do, and where it is. */
    @Schema(name = "Ptz")
    public record PtzView(
            List<SpaceView> spaces,
            PtzMoves.Vector position,
            @Schema(
                            type = "string",
                            allowableValues = {"point", "box"},
                            description = "What can be aimed at in the picture; left out: nothing")
                    Optional<Ptz.Aim> aim) {}

    /** A round that the camera makes by itself. */
    @Schema(name = "PtzTour")
    public record TourView(String token, String name, boolean running) {}

    @GET
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "How a camera can be moved, and where it is", description = "Asks the camera.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public PtzView ptz(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return control().ask(id, Ptz.class, ptz -> {
            List<SpaceView> spaces = ptz.spaces().stream()
                    .map(space -> new SpaceView(space.motion(), space.axis(), space.min(), space.max(), space.unit()))
                    .toList();
            Optional<Ptz.Aim> aim = Optional.of(ptz.aims()).filter(aims -> aims != Ptz.Aim.NONE);
            return new PtzView(spaces, PtzMoves.Vector.of(ptz.position()), aim);
        });
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("move")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Move at a speed for a time",
            description = "Sent again within durationMs it goes on; else the server stops the camera.")
    @ApiResponse(responseCode = "204", description = "It moves")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response move(@PathParam("id") UUID id, PtzMoves.Move body, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        PtzMoves.Move move = given(body);
        Map<Axis, Double> speed = move.speed().values();
        int forMs = move.forMs();
        refuse(control().ask(id, Ptz.class, ptz -> PtzMoves.wrong(ptz.spaces(), Motion.CONTINUOUS, speed)));
        turns.take(id, Caller.of(context));
        control().move(id, speed, forMs);
        return done();
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("absolute")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Move to a position; axes left out stay where they are")
    @ApiResponse(responseCode = "204", description = "It moves")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response absolute(@PathParam("id") UUID id, PtzMoves.Vector body, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        return steer(id, Motion.ABSOLUTE, body, Caller.of(context), Ptz::moveTo);
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("relative")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Move by a distance")
    @ApiResponse(responseCode = "204", description = "It moves")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response relative(@PathParam("id") UUID id, PtzMoves.Vector body, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        return steer(id, Motion.RELATIVE, body, Caller.of(context), Ptz::moveBy);
    }

    /** A driver's way to carry out one kind of motion. */
    private interface Steering {
        void to(Ptz ptz, Map<Axis, Double> values) throws DriverException;
    }

    private Response steer(UUID id, Motion motion, PtzMoves.Vector body, Caller caller, Steering steering)
            throws DriverException, DriverMissingException {
        Map<Axis, Double> values = given(body).values();
        turns.take(id, caller);
        refuse(control().steer(id, Ptz.class, ptz -> {
            Map<String, String> wrong = PtzMoves.wrong(ptz.spaces(), motion, values);
            if (wrong.isEmpty()) {
                steering.to(ptz, values);
            }
            return wrong;
        }));
        return done();
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("aim")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Turn to a point of the picture, or to a box of it",
            description =
                    "What stands there in the main stream's picture of now comes to its middle, and nearer if part is"
                            + " given.")
    @ApiResponse(responseCode = "204", description = "It moves")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response aim(@PathParam("id") UUID id, PtzMoves.Aim body, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        PtzMoves.Aim aim = given(body);
        turns.take(id, Caller.of(context));
        refuse(control().steer(id, Ptz.class, ptz -> {
            Map<String, String> wrong = aim.wrong(ptz.aims());
            if (wrong.isEmpty()) {
                ptz.aim(aim.x().orElseThrow(), aim.y().orElseThrow(), aim.near());
            }
            return wrong;
        }));
        return done();
    }

    @Audited(value = "ptz.moved", often = true)
    @POST
    @Path("stop")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Stop all axes")
    @ApiResponse(responseCode = "204", description = "It stands still")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response stop(@PathParam("id") UUID id, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        turns.take(id, Caller.of(context));
        control().stop(id);
        return done();
    }

    @GET
    @Path("turn")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(
            summary = "Who moves a camera, and whether the caller may",
            description = "Whoever moved it last, for 10 s. Asks the server, not the camera.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    public PtzTurns.Whose turn(@PathParam("id") UUID id, @Context SecurityContext context) {
        return turns.whose(id, Caller.of(context));
    }

    @Audited(value = "ptz.taken_over", often = true)
    @POST
    @Path("turn")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Take a camera over without moving it", description = "For 10 s, as by a move.")
    @ApiResponse(responseCode = "200", description = "It is the caller's turn")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    public PtzTurns.Whose takeTurn(@PathParam("id") UUID id, @Context SecurityContext context) {
        turns.take(id, Caller.of(context));
        return turns.whose(id, Caller.of(context));
    }

    @GET
    @Path("tours")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Rounds that the camera makes by itself")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<TourView> tours(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return Page.whole(control().ask(id, PtzTours.class, tours -> tours.tours().stream()
                .map(tour -> new TourView(tour.token(), tour.name(), tour.running()))
                .toList()));
    }

    @Audited("ptz.tour_started")
    @POST
    @Path("tours/{token}/start")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "Begin a round")
    @ApiResponse(responseCode = "204", description = "Begun")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response startTour(
            @PathParam("id") UUID id, @PathParam("token") String token, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        check(token);
        turns.take(id, Caller.of(context));
        control().steer(id, PtzTours.class, tours -> {
            tours.start(token);
            return true;
        });
        return done();
    }

    @Audited("ptz.tour_stopped")
    @POST
    @Path("tours/{token}/stop")
    @Requires(value = Permission.CONTROL_PTZ, camera = "id")
    @Operation(summary = "End a round")
    @ApiResponse(responseCode = "204", description = "Ended, or it did not run")
    @ApiResponse(responseCode = "409", description = PtzTurns.MEANING)
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response stopTour(
            @PathParam("id") UUID id, @PathParam("token") String token, @Context SecurityContext context)
            throws DriverException, DriverMissingException {
        check(token);
        turns.take(id, Caller.of(context));
        control().tell(id, PtzTours.class, tours -> tours.stop(token));
        return done();
    }

    private static void refuse(Map<String, String> wrong) {
        if (!wrong.isEmpty()) {
            throw Problem.validation(wrong).exception();
        }
    }

    static void check(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw Problem.notFound("There is nothing here: a token has 1.." + PtzPresets.Preset.TOKEN_CHARS_MAX
                            + " characters without control characters.")
                    .exception();
        }
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }

    static Response done() {
        return Response.noContent().build();
    }

    static <T> T given(T body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }
}
