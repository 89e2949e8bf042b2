// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;

/** Volumes and what lies on them. Reading only; volumes are configured in {@code etc/}. */
@Path("/")
@Server(url = StorageResource.BASE)
@Tag(name = "Storage")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.VIEW_HEALTH)
public final class StorageResource {
    static final String BASE = "/api/v1/storage";
    private final Supplier<Archive> archive;

    StorageResource(Supplier<Archive> archive) {
        this.archive = archive;
    }

    /** A volume as it travels; sizes that are not known are left out. */
    record VolumeItem(
            UUID id,
            String name,
            String kind,
            String location,
            String status,
            String detail,
            OptionalLong totalBytes,
            OptionalLong usableBytes,
            OptionalLong reserveBytes,
            long footageBytes,
            long segments) {
        static VolumeItem of(VolumeUsage v) {
            return new VolumeItem(
                    v.id(),
                    v.name(),
                    v.kind(),
                    v.location(),
                    v.status(),
                    v.detail(),
                    known(v.totalBytes()),
                    known(v.usableBytes()),
                    known(v.reserveBytes()),
                    v.footageBytes(),
                    v.segments());
        }

        private static OptionalLong known(long bytes) {
            return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
        }
    }

    @GET
    @Path("volumes")
    @Operation(summary = "Volumes, their state and free space")
    public Page<VolumeItem> volumes() {
        return items();
    }

    @GET
    @Path("usage")
    @Operation(summary = "What lies on each volume")
    public Page<VolumeItem> usage() {
        return items();
    }

    private Page<VolumeItem> items() {
        List<VolumeUsage> volumes = Absent.require(archive.get(), "The archive").volumes();
        return Page.whole(volumes.stream().map(VolumeItem::of).toList());
    }
}
