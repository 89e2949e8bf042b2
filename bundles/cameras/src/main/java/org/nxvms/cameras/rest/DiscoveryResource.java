// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
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

    /** Each takes a thread of the server's while it waits. */
    private static final int WAITING_MAX = 8;

    private static final int WAIT_MS = 10_000;
    /** Ranges that the audit names. */
    private static final int AUDITED_MAX = 20;

    private final Semaphore waiting = new Semaphore(WAITING_MAX);
    private final Supplier<DeviceDiscovery> discovery;

    DiscoveryResource(Supplier<DeviceDiscovery> discovery) {
        this.discovery = discovery;
    }

    /** What to look for. */
    @Schema(name = "DiscoveryOrder")
    public record OrderBody(
            @Schema(description = "Ids; left out: all that can search") Optional<List<String>> drivers,
            @Schema(description = "1..60, by default 5") Optional<Integer> seconds,
            @Schema(
                            description =
                                    "Whom to ask, and nobody else: 192.0.2.10, 192.0.2.10-192.0.2.90 or 192.0.2.0/24,"
                                            + " 4096 addresses in all; left out: everybody, by multicast")
                    Optional<List<String>> addresses) {}

    /** A device that answered. */
    @Schema(name = "FoundDevice")
    public record FoundView(
            String driver,
            String address,
            String name,
            ProbeView.Identity identity,
            @Schema(description = "What it is called for good, e.g. the endpoint reference of WS-Discovery")
                    Optional<String> endpoint,
            @Schema(description = "Other addresses of the same device") List<WayView> otherWays,
            @Schema(description = "A camera that is configured for it already") Optional<UUID> cameraId) {
        static FoundView of(DiscoveryScan.Found found, Caller caller) {
            return new FoundView(
                    found.driver(),
                    found.device().address().toString(),
                    found.device().name(),
                    ProbeView.Identity.of(found.device().identity()),
                    Optional.of(found.endpoint()).filter(text -> !text.isEmpty()),
                    found.otherWays().stream()
                            .map(way -> new WayView(way.driver(), way.address().toString()))
                            .toList(),
                    found.camera().filter(caller::sees));
        }
    }

    /** An address of a device, and the driver that takes it. */
    @Schema(name = "DeviceWay")
    public record WayView(String driver, String address) {}

    /** A scan with what it has found so far. */
    @Schema(name = "DiscoveryScan")
    public record ScanView(
            UUID id,
            Instant begun,
            @Schema(description = "Rises with each change") long revision,
            @Schema(description = "Whether more may come") boolean runs,
            List<FoundView> devices,
            @Schema(description = "Why a driver could not search, by its id") Map<String, String> failures) {
        /** Cameras that the caller may not know of are not named. */
        static ScanView of(DiscoveryScan scan, Caller caller) {
            return new ScanView(
                    scan.id(),
                    scan.begun(),
                    scan.revision(),
                    scan.runs(),
                    scan.devices().stream()
                            .map(found -> FoundView.of(found, caller))
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
        noNull("drivers", body.drivers());
        noNull("addresses", body.addresses());
        String drivers = body.drivers().stream().flatMap(List::stream).sorted().collect(Collectors.joining(" "));
        String addresses = body.addresses().stream()
                .flatMap(List::stream)
                .limit(AUDITED_MAX)
                .collect(Collectors.joining(" "));
        Map<String, String> what = new TreeMap<>();
        what.put("drivers", drivers);
        what.put("addresses", addresses);
        what.values().removeIf(String::isEmpty);
        new AuditFields("discovery", Map.of(), what).of(request);
        int seconds = body.seconds().orElse(DeviceDiscovery.SECONDS_DEFAULT);
        if (seconds < DeviceDiscovery.SECONDS_MIN || seconds > DeviceDiscovery.SECONDS_MAX) {
            throw Problem.validation(
                            "seconds",
                            "Must be " + DeviceDiscovery.SECONDS_MIN + ".." + DeviceDiscovery.SECONDS_MAX + ", not "
                                    + seconds + ".")
                    .exception();
        }
        try {
            DiscoveryScan scan = discovery()
                    .begin(new DeviceDiscovery.Order(
                            body.drivers().map(Set::copyOf).orElse(Set.of()),
                            seconds,
                            body.addresses().orElse(List.of())));
            return Response.accepted(ScanView.of(scan, Caller.of(context)))
                    .location(URI.create(scan.id().toString()))
                    .build();
        } catch (NoSuchResourceException e) {
            throw Problem.notFound(e.getMessage()).exception();
        } catch (IllegalArgumentException e) {
            throw Problem.validation("addresses", e.getMessage()).exception();
        } catch (IllegalStateException e) {
            throw Problem.conflict(e.getMessage() + ".").exception();
        }
    }

    private static void noNull(String field, Optional<List<String>> texts) {
        if (texts.orElse(List.of()).stream().anyMatch(Objects::isNull)) {
            throw Problem.validation(field, "Must hold texts, not null.").exception();
        }
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.MANAGE_CAMERAS, anywhere = true)
    @Operation(
            summary = "What a scan has found so far",
            description =
                    "With after=revision it answers as soon as there is more, the scan is over, or 10 s are: so what is"
                            + " found arrives while it is found.")
    @ApiResponse(
            responseCode = "200",
            description = "What it has found",
            content = @Content(schema = @Schema(implementation = ScanView.class)))
    @ApiResponse(responseCode = "404", description = "There is no such scan, or others came after it")
    @ApiResponse(
            responseCode = "429",
            description = "Too many wait for scans already; Retry-After says when to ask again")
    public ScanView scan(
            @PathParam("id") UUID id,
            @Parameter(description = "Wait for what comes after this revision") @QueryParam("after") Long after,
            @Context SecurityContext context) {
        Caller caller = Caller.of(context);
        return (after == null ? discovery().scan(id) : await(id, after))
                .map(scan -> ScanView.of(scan, caller))
                .orElseThrow(() -> Problem.notFound("There is no scan " + id + "; the last few are remembered.")
                        .exception());
    }

    private Optional<DiscoveryScan> await(UUID id, long after) {
        if (!waiting.tryAcquire()) {
            throw Problem.tooManyRequests("Too many wait for scans. Ask without after, or again later.", 1)
                    .exception();
        }
        try {
            return discovery().await(id, after, WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return discovery().scan(id);
        } finally {
            waiting.release();
        }
    }

    private DeviceDiscovery discovery() {
        return Absent.require(discovery.get(), "The search for devices");
    }
}
