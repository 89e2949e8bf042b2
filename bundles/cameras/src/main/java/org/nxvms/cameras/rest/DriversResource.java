// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;

/** {@code /api/v1/drivers}: see docs/design/rest.md. */
@Path("/")
@Server(url = DriversResource.BASE)
@Tag(name = "Drivers")
@Produces(MediaType.APPLICATION_JSON)
public final class DriversResource {
    static final String BASE = "/api/v1/drivers";

    private final Supplier<CameraRegistry> registry;

    DriversResource(Supplier<CameraRegistry> registry) {
        this.registry = registry;
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
                    Optional<List<SettingView>> settings) {}

    @GET
    @Requires(Permission.VIEW_CONFIGURATION)
    @Operation(summary = "The drivers installed now, newest version first per id")
    public Page<DriverView> list() {
        return Page.whole(Absent.require(registry.get(), "The camera registry").drivers().stream()
                .map(DriversResource::view)
                .toList());
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
                        .map(settings -> settings.stream().map(SettingView::of).toList()));
    }
}
