// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.motion.MotionMaskStore;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.motion.MotionDesk;
import org.nxvms.playback.rest.MotionMaskBody.Item;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;

/** {@code /api/v1/motion/masks}: what of a camera's picture counts as no motion; see docs/design/rest.md and ADR 174. */
@Path("masks/{cameraId}")
@Server(url = MotionResource.BASE)
@Tag(name = "Motion")
@Produces(MediaType.APPLICATION_JSON)
public final class MotionMaskResource {
    private static final int NOTED_CHARS_MAX = 1_000;

    private final Supplier<MotionMaskStore> store;
    private final MotionDesk desk;
    private final NamedCameras named;

    MotionMaskResource(Supplier<MotionMaskStore> store, MotionDesk desk, NamedCameras named) {
        this.store = store;
        this.desk = desk;
        this.named = named;
    }

    @GET
    @Requires(
            value = {},
            camera = "cameraId")
    @Operation(
            summary = "The motion mask of a camera",
            description =
                    "Parts of its picture in which what moves counts as no motion, in searches and in heights. For who"
                            + " may see its live pictures, its footage or its configuration.")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = Item.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    public Response get(@PathParam("cameraId") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        if (!caller.may(Permission.VIEW_LIVE, id) && !caller.may(Permission.VIEW_CONFIGURATION, id)) {
            caller.require(Permission.VIEW_ARCHIVE, id);
        }
        named.require(id);
        return answer(masks().of(id));
    }

    @Audited("motion_mask.changed")
    @PUT
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "cameraId")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Replaces the motion mask of a camera",
            description =
                    "Counts at once, for footage of before, too: searches of the camera end, and what they found with"
                            + " the mask before is told no more. With If-Match 412 when it was changed meanwhile.")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = Item.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    public Response set(
            @PathParam("cameraId") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            MotionMaskBody.Change change,
            @Context HttpServletRequest request) {
        new AuditFields("camera/" + id, Map.of(), Map.of()).of(request);
        if (change == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        named.require(id);
        MotionMask before = masks().of(id);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The motion mask");
        MotionMask after = change.of(before);
        new AuditFields("camera/" + id, noted(before), noted(after)).of(request);
        if (!masks().replace(id, after)) {
            throw Problem.preconditionFailed(
                            "The motion mask was changed in the meantime, or its camera was removed. Read it again and"
                                    + " repeat this.")
                    .exception();
        }
        desk.maskChanged(id);
        return answer(after);
    }

    private static Response answer(MotionMask mask) {
        return Tagged.ok(Item.of(mask), Etags.of(mask.version()));
    }

    private static Map<String, String> noted(MotionMask mask) {
        String all = mask.areas().stream()
                .map(area -> area.points().stream()
                        .map(point -> point.x() + "," + point.y())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("; "));
        return Map.of("areas", all.length() > NOTED_CHARS_MAX ? all.substring(0, NOTED_CHARS_MAX) + "…" : all);
    }

    private MotionMaskStore masks() {
        return Absent.require(store.get(), "The store of motion masks");
    }
}
