// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.EdgeMedia;
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

    @Override
    public EdgeMedia fetch(UUID camera, String recording, Instant from, Instant to)
            throws DriverException, DriverMissingException {
        return control.fetch(camera, recording, from, to);
    }

    @Override
    public CameraTalk talk(UUID camera, AudioOut.Format format, String by)
            throws DriverException, DriverMissingException {
        return control.talk(camera, format, by);
    }

    @Override
    public Optional<String> talker(UUID camera) {
        return control.talker(camera);
    }
}
