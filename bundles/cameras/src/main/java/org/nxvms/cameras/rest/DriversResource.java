// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/drivers}: see docs/design/rest.md. */
@Path("/")
@Server(url = DriversResource.BASE)
@Tag(name = "Drivers")
@Produces(MediaType.APPLICATION_JSON)
public final class DriversResource {
    static final String BASE = "/api/v1/drivers";

    private final Supplier<CameraRegistry> registry;
    private final Supplier<DriverRollouts> rollouts;

    DriversResource(Supplier<CameraRegistry> registry, Supplier<DriverRollouts> rollouts) {
        this.registry = registry;
        this.rollouts = rollouts;
    }

    /** A driver that is installed. */
    @Schema(name = "Driver")
    public record DriverView(
            String id,
            String name,
            String vendor,
            String version,
            String bundle,
            String addressHint,
            List<String> addressSchemes,
            boolean hasSubAddress,
            @Schema(description = "Cameras this version serves") int cameras,
            @Schema(description = "What can be set, in the order to show it; left out when the driver does not say")
                    Optional<List<SettingView>> settings,
            @Schema(description = "Whether this version serves, where several are installed") boolean serves) {}

    /** A move of cameras to another version. */
    @Schema(name = "DriverRolloutOrder")
    public record RolloutBody(
            @Schema(description = "One that is installed") Optional<String> version,
            @Schema(description = "The camera to begin with; left out: the first one that is well")
                    Optional<UUID> cameraId,
            @Schema(description = "How long the canary, and then all, are watched: 10..86400, by default 60")
                    Optional<Integer> soakSeconds) {}

    /** How a rollout stands. */
    @Schema(name = "DriverRollout")
    public record RolloutView(
            String driver,
            String from,
            String to,
            @Schema(description = "The camera that goes first; left out when the driver has none")
                    Optional<UUID> cameraId,
            @Schema(
                            type = "string",
                            allowableValues = {"canary", "all", "promoted", "rolled_back"})
                    DriverRollout.Phase phase,
            Instant begun,
            @Schema(description = "When the phase began") Instant since,
            String detail,
            @Schema(description = "What is worse than before, a sentence a camera") List<String> findings) {
        static RolloutView of(DriverRollout rollout) {
            return new RolloutView(
                    rollout.driver(),
                    rollout.from(),
                    rollout.to(),
                    rollout.canary(),
                    rollout.phase(),
                    rollout.begun(),
                    rollout.since(),
                    rollout.detail(),
                    rollout.findings());
        }
    }

    @GET
    @Requires(value = Permission.VIEW_CONFIGURATION, anywhere = true)
    @Operation(summary = "The drivers installed now, newest version first per id")
    public Page<DriverView> list() {
        return Page.whole(Absent.require(registry.get(), "The camera registry").drivers().stream()
                .map(DriversResource::view)
                .toList());
    }

    @Audited("driver.rollout_begun")
    @POST
    @Path("{id}/rollout")
    @Requires(Permission.MANAGE_PLUGINS)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Move a driver's cameras to another installed version",
            description = "One camera first, then all; back by itself when something is worse than before. No stream is"
                    + " touched whose address stays the same.")
    @ApiResponse(
            responseCode = "202",
            description = "Begun; GET tells how it stands",
            content = @Content(schema = @Schema(implementation = RolloutView.class)))
    @ApiResponse(responseCode = "409", description = "A rollout is under way, or the version serves already")
    public Response begin(@PathParam("id") String id, RolloutBody body, @Context HttpServletRequest request) {
        if (body == null || body.version().isEmpty()) {
            throw Problem.malformed("version", "\"version\" is missing. GET " + BASE + " lists what is installed.")
                    .exception();
        }
        int soakSeconds = body.soakSeconds().orElse(DriverRollouts.SOAK_SECONDS_DEFAULT);
        if (soakSeconds < DriverRollouts.SOAK_SECONDS_MIN || soakSeconds > DriverRollouts.SOAK_SECONDS_MAX) {
            throw Problem.validation(
                            "soakSeconds",
                            "Must be " + DriverRollouts.SOAK_SECONDS_MIN + ".." + DriverRollouts.SOAK_SECONDS_MAX
                                    + ", not " + soakSeconds + ".")
                    .exception();
        }
        new AuditFields(
                        "driver/" + id,
                        Map.of(),
                        Map.of("version", body.version().get()))
                .of(request);
        try {
            DriverRollout begun =
                    rollouts().begin(new DriverRollouts.Order(id, body.version().get(), body.cameraId(), soakSeconds));
            new AuditFields("driver/" + id, Map.of("version", begun.from()), Map.of("version", begun.to())).of(request);
            return Response.accepted(RolloutView.of(begun)).build();
        } catch (NoSuchResourceException e) {
            throw Problem.notFound(e.getMessage()).exception();
        } catch (IllegalArgumentException e) {
            throw Problem.validation("cameraId", e.getMessage()).exception();
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
    }

    @GET
    @Path("{id}/rollout")
    @Requires(Permission.VIEW_CONFIGURATION)
    @Operation(summary = "The rollout under way, or the last one since the server started")
    public RolloutView rollout(@PathParam("id") String id) {
        return rollouts().rollout(id).map(RolloutView::of).orElseThrow(() -> Problem.notFound(
                        "There was no rollout of a driver " + id + ".")
                .exception());
    }

    @Audited("driver.rollout_given_up")
    @DELETE
    @Path("{id}/rollout")
    @Requires(Permission.MANAGE_PLUGINS)
    @Operation(summary = "Give up the rollout under way: its cameras go back")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = "No rollout is under way")
    public RolloutView giveUp(@PathParam("id") String id, @Context HttpServletRequest request) {
        new AuditFields("driver/" + id, Map.of(), Map.of()).of(request);
        try {
            return RolloutView.of(rollouts().giveUp(id));
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
    }

    private DriverRollouts rollouts() {
        return Absent.require(rollouts.get(), "The driver manager");
    }

    private static DriverView view(CameraRegistry.InstalledDriver driver) {
        DriverInfo info = driver.info();
        return new DriverView(
                info.id(),
                info.name(),
                info.vendor(),
                driver.version(),
                driver.bundle(),
                info.addressHint(),
                info.addressSchemes(),
                info.hasSubAddress(),
                driver.cameras(),
                driver.settings()
                        .map(settings -> settings.stream().map(SettingView::of).toList()),
                driver.serves());
    }
}
