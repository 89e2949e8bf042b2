// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraReport;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.SetupBatch;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Adding and trying the registry's cameras as a service. */
@Component
public final class SetupService implements CameraSetup {
    private final CameraSetup setup;

    @Activate
    public SetupService(@Reference Cameras cameras) {
        this.setup = cameras.setup();
    }

    @Override
    public Added add(Order order) throws InvalidCameraException, DriverException, CameraKnownException {
        return setup.add(order);
    }

    @Override
    public SetupBatch begin(List<Order> orders, Consumer<Camera> added) {
        return setup.begin(orders, added);
    }

    @Override
    public Optional<SetupBatch> batch(UUID id) {
        return setup.batch(id);
    }

    @Override
    public Optional<SetupBatch> await(UUID id, long revision, int timeoutMs) throws InterruptedException {
        return setup.await(id, revision, timeoutMs);
    }

    @Override
    public Optional<CameraReport> report(UUID camera) {
        return setup.report(camera);
    }

    @Override
    public CameraReport check(UUID camera) throws DriverException {
        return setup.check(camera);
    }
}
