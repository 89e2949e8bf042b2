// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceAddress;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Cameras of Axis. All sessions share two HTTP clients, whose threads end with the driver. */
@Component(
        service = CameraDriver.class,
        property = {CameraDriver.PROPERTY_ID + "=" + AxisDriver.ID, CameraDriver.PROPERTY_NAME + "=" + AxisDriver.NAME})
public final class AxisDriver implements CameraDriver {
    static final String ID = "axis";
    static final String NAME = "Axis camera (VAPIX)";

    private static final DriverInfo INFO =
            new DriverInfo(ID, NAME, "NXvms", "http://192.0.2.10", DeviceAddress.SCHEMES, false);

    private final HttpClients clients = new HttpClients("axis-http");

    @Deactivate
    void close() {
        clients.close();
    }

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return Optional.of(AxisSettings.KNOWN);
    }

    @Override
    public Optional<DeviceSearch> search() {
        return Optional.of(new AxisSearch());
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        AxisSettings settings = AxisSettings.parse(target.settings());
        AxisHttp http = new AxisHttp(new DeviceHttp(
                clients.get(settings.verify()),
                DeviceAddress.check(target.address()),
                target.credentials(),
                target.timeoutMs()));
        return AxisSession.open(http, settings, target.credentials());
    }
}
