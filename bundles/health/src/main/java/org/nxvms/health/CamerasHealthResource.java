// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.health.Losses.Loss;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;

/** How cameras are, many in one answer: what arrives now, and what is missing of the last day. */
@Path("cameras")
@Server(url = HealthResource.BASE)
@Tag(name = "Health")
@Produces(MediaType.APPLICATION_JSON)
public final class CamerasHealthResource {
    /** As many streams as the archive tells of at once, two for each camera. */
    private static final int LIMIT_MAX = 500;

    private static final int LIMIT_DEFAULT = 200;

    private final Supplier<CameraRegistry> cameras;
    private final Supplier<Archive> archive;
    private final List<StreamIngest> ingests;

    CamerasHealthResource(Supplier<CameraRegistry> cameras, Supplier<Archive> archive, List<StreamIngest> ingests) {
        this.cameras = cameras;
        this.archive = archive;
        this.ingests = ingests;
    }

    /** How a camera is. */
    @Schema(name = "CameraHealth")
    public record CameraHealthView(
            UUID cameraId,
            CameraStatus.State state,
            @Schema(description = "Why nothing arrives or is recorded") Optional<GapCause> cause,
            Instant since,
            @Schema(description = "Of its first stream that arrives, over the last seconds") double framesPerSecond,
            @Schema(description = "Of all its streams, over the last seconds") long bitrateBps,
            @Schema(description = "When the newest picture of any stream came") Optional<Instant> lastFrame,
            @Schema(description = "RTP packets missing of its streams since each session began") long packetsLost,
            @Schema(
                            description =
                                    "How often footage that was wanted is missing in the last 24 hours, of the stream that"
                                            + " misses most; left out while that cannot be told")
                    OptionalLong gaps,
            @Schema(description = "How long that is in all") OptionalLong missingSeconds) {}

    @GET
    @Requires(Permission.VIEW_HEALTH)
    @Operation(
            summary = "How cameras are",
            description =
                    "Those of which the caller may know, by id. Missing is what was to be recorded and is not there: not"
                            + " what no schedule or event asked for, nor what was removed.")
    public Page<CameraHealthView> list(
            @Parameter(description = "1..500, default 200") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Context SecurityContext context) {
        int count = Page.limit(limit, LIMIT_DEFAULT, LIMIT_MAX);
        Optional<String> after = Page.key(cursor);
        Caller caller = Caller.of(context);
        CameraRegistry registry = Absent.require(cameras.get(), "The camera registry");
        // One more than asked tells whether there is a next page.
        List<Camera> found = registry.list().stream()
                .filter(camera -> after.isEmpty() || key(camera).compareTo(after.get()) > 0)
                .filter(camera -> caller.sees(camera.id()))
                .sorted(Comparator.comparing(CamerasHealthResource::key))
                .limit(count + 1L)
                .toList();
        List<Camera> page = found.subList(0, Math.min(count, found.size()));
        Optional<Map<UUID, Loss>> losses = Losses.ofLastDay(archive.get(), page, Instant.now());
        Map<UUID, Long> lost = Losses.packets(ingests);
        return new Page<>(
                page.stream()
                        .flatMap(camera ->
                                registry.status(camera.id()).stream().map(status -> view(camera, status, losses, lost)))
                        .toList(),
                found.size() > count ? Optional.of(Page.cursor(key(page.get(count - 1)))) : Optional.empty());
    }

    private static CameraHealthView view(
            Camera camera, CameraStatus status, Optional<Map<UUID, Loss>> losses, Map<UUID, Long> packetsLost) {
        Optional<Loss> loss = losses.map(all -> all.get(camera.id()));
        return new CameraHealthView(
                camera.id(),
                status.state(),
                status.cause(),
                status.since(),
                status.streams().stream()
                        .mapToDouble(CameraStatus.Stream::framesPerSecond)
                        .filter(rate -> rate > 0)
                        .findFirst()
                        .orElse(0),
                status.streams().stream()
                        .mapToLong(CameraStatus.Stream::bitrateBps)
                        .sum(),
                status.streams().stream()
                        .flatMap(stream -> stream.lastFrame().stream())
                        .max(Comparator.naturalOrder()),
                packetsLost.getOrDefault(camera.id(), 0L),
                loss.map(one -> OptionalLong.of(one.gaps())).orElse(OptionalLong.empty()),
                loss.map(one -> OptionalLong.of(one.missingUs() / 1_000_000)).orElse(OptionalLong.empty()));
    }

    private static String key(Camera camera) {
        return camera.id().toString();
    }
}
