// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;

/** {@code /api/v1/groups}: cameras name their group, slashes part it into levels; rights are granted on each of them. */
@Path("/")
@Server(url = GroupsResource.BASE)
@Tag(name = "Groups")
@Produces(MediaType.APPLICATION_JSON)
public final class GroupsResource {
    static final String BASE = "/api/v1/groups";

    private final Supplier<CameraRegistry> registry;

    GroupsResource(Supplier<CameraRegistry> registry) {
        this.registry = registry;
    }

    /** A name that cameras carry as their group. */
    @Schema(name = "Group")
    public record GroupView(String name, @Schema(description = "Cameras in it the caller may know of") int cameras) {}

    @GET
    @Requires({})
    @Operation(summary = "The groups of the cameras the caller may know of, by name")
    public Page<GroupView> list(@Context SecurityContext context) {
        Caller caller = Caller.of(context);
        Map<String, Integer> counts =
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()));
        for (Camera camera :
                Absent.require(registry.get(), "The camera registry").list()) {
            if (camera.group().isPresent() && caller.sees(camera.id())) {
                counts.merge(camera.group().get(), 1, Integer::sum);
            }
        }
        return Page.whole(counts.entrySet().stream()
                .map(group -> new GroupView(group.getKey(), group.getValue()))
                .toList());
    }
}
