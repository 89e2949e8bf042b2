// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.sample;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.CameraDriver;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;

/** Refreshes a bundle that is none of its business, and then does as if nothing were. */
public final class RefreshingDriver implements BundleActivator {
    @Override
    public void start(BundleContext context) throws InterruptedException {
        List<Bundle> others = Arrays.stream(context.getBundles())
                .filter(bundle -> "org.example.bystander".equals(bundle.getSymbolicName()))
                .toList();
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(others, event -> refreshed.countDown());
        refreshed.await(60, TimeUnit.SECONDS);
        context.registerService(CameraDriver.class, new SampleDriver(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }
}
