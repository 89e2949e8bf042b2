// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import java.util.Hashtable;
import org.nxvms.driver.spi.CameraDriver;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The sample under another id: its cameras would be without a driver. */
public final class RenamedDriver implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(CameraDriver.PROPERTY_ID, "sample2");
        context.registerService(CameraDriver.class, new SampleDriver(), properties);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }
}
