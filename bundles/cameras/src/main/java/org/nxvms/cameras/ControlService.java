// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.Map;
import java.util.UUID;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Control of the registry's cameras as a service. */
@Component
public final class ControlService implements CameraControl {
    private final CameraControl control;

    @Activate
    public ControlService(@Reference Cameras cameras) {
        this.control = cameras.control();
    }

    @Override
    public <C extends Capability, R> R ask(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        return control.ask(camera, capability, question);
    }

    @Override
    public <C extends Capability, R> R look(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        return control.look(camera, capability, question);
    }

    @Override
    public <C extends Capability, R> R steer(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        return control.steer(camera, capability, question);
    }

    @Override
    public void stop(UUID camera) throws DriverException, DriverMissingException {
        control.stop(camera);
    }

    @Override
    public DeviceIdentity identity(UUID camera) throws DriverException, DriverMissingException {
        return control.identity(camera);
    }

    @Override
    public void move(UUID camera, Map<Axis, Double> speed, int forMs) throws DriverException, DriverMissingException {
        control.move(camera, speed, forMs);
    }
}
