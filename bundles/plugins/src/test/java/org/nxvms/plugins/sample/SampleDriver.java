// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import java.util.Hashtable;
import java.util.List;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A driver that is there, and has no devices. */
public final class SampleDriver implements BundleActivator, CameraDriver {
    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(CameraDriver.PROPERTY_ID, "sample");
        context.registerService(CameraDriver.class, this, properties);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }

    @Override
    public DriverInfo info() {
        return new DriverInfo("sample", "Sample", "Example", "sample://1", List.of("sample"), false);
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        throw new DriverException(DriverException.Kind.UNREACHABLE, "There are no such devices.");
    }
}
