// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DiscoveryScan;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/discovery}: see docs/design/rest.md. */
@Path("/")
@Server(url = DiscoveryResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class DiscoveryResource {
    static final String BASE = "/api/v1/discovery";

    private final Supplier<DeviceDiscovery> discovery;

    DiscoveryResource(Supplier<DeviceDiscovery> discovery) {
        this.discovery = discovery;
    }

    /** What to look for. */
    @Schema(name = "DiscoveryOrder")
    public record OrderBody(
            @Schema(description = "Ids; left out: all that can search") Optional<List<String>> drivers,
            @Schema(description = "1..60, by default 5") Optional<Integer> seconds) {}

    /** A device that answered. */
    @Schema(name = "FoundDevice")
    public record FoundView(
            String driver,
            String address,
            String name,
            ProbeView.Identity identity,
            @Schema(description = "A camera that is configured for the same host already") Optional<UUID> cameraId) {}

    /** A scan with what it has found so far. */
    @Schema(name = "DiscoveryScan")
    public record ScanView(
            UUID id,
            Instant begun,
            @Schema(description = "Whether more may come") boolean runs,
            List<FoundView> devices,
            @Schema(description = "Why a driver could not search, by its id") Map<String, String> failures) {
        /** Cameras that the caller may not know of are not named. */
        static ScanView of(DiscoveryScan scan, Caller caller) {
            return new ScanView(
                    scan.id(),
                    scan.begun(),
                    scan.runs(),
                    scan.devices().stream()
                            .map(found -> new FoundView(
                                    found.driver(),
                                    found.device().address().toString(),
                                    found.device().name(),
                                    ProbeView.Identity.of(found.device().identity()),
                                    found.camera().filter(caller::sees)))
                            .toList(),
                    scan.failures());
        }
    }

    @Audited("discovery.begun")
    @POST
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Look for devices by the drivers that can",
            description = "Does not wait; GET tells what was found.")
    @ApiResponse(
            responseCode = "202",
            description = "Begun",
            content = @Content(schema = @Schema(implementation = ScanView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such driver, or it cannot search")
    @ApiResponse(responseCode = "409", description = "A scan runs, or no driver can search")
    public Response begin(OrderBody body, @Context SecurityContext context, @Context HttpServletRequest request) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object, {} for all drivers.")
                    .exception();
        }
        String drivers = body.drivers().stream().flatMap(List::stream).sorted().collect(Collectors.joining(" "));
        new AuditFields("discovery", Map.of(), drivers.isEmpty() ? Map.of() : Map.of("drivers", drivers)).of(request);
        int seconds = body.seconds().orElse(DeviceDiscovery.SECONDS_DEFAULT);
        if (seconds < DeviceDiscovery.SECONDS_MIN || seconds > DeviceDiscovery.SECONDS_MAX) {
            throw Problem.validation(
                            "seconds",
                            "Must be " + DeviceDiscovery.SECONDS_MIN + ".." + DeviceDiscovery.SECONDS_MAX + ", not "
                                    + seconds + ".")
                    .exception();
        }
        try {
            DiscoveryScan scan =
                    discovery().begin(body.drivers().map(Set::copyOf).orElse(Set.of()), seconds);
            return Response.accepted(ScanView.of(scan, Caller.of(context)))
                    .location(URI.create(scan.id().toString()))
                    .build();
        } catch (NoSuchResourceException e) {
            throw Problem.notFound(e.getMessage()).exception();
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Operation(summary = "What a scan has found so far")
    public ScanView scan(@PathParam("id") UUID id, @Context SecurityContext context) {
        Caller caller = Caller.of(context);
        return discovery().scan(id).map(scan -> ScanView.of(scan, caller)).orElseThrow(() -> Problem.notFound(
                        "There is no scan " + id + "; the last few are remembered.")
                .exception());
    }

    private DeviceDiscovery discovery() {
        return Absent.require(discovery.get(), "The search for devices");
    }
}
