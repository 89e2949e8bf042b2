// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry.InstalledDriver;

/** The drivers as others see them: which one serves, and how many cameras each. */
final class InstalledDrivers {
    private InstalledDrivers() {}

    static List<InstalledDriver> of(DriverShelf shelf, List<Camera> cameras) {
        Map<ShelvedDriver, Long> uses = cameras.stream()
                .map(camera -> shelf.serving(camera.driver(), camera.id()))
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return shelf.all().stream()
                .map(driver -> new InstalledDriver(
                        driver.info(),
                        driver.version().toString(),
                        driver.bundle(),
                        uses.getOrDefault(driver, 0L).intValue(),
                        driver.settings(),
                        shelf.serving(driver.info().id()).filter(driver::equals).isPresent()))
                .toList();
    }
}
