// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.PushEndpoints;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** A copy of a driver in the framework. One thread at a time. */
public final class Brought implements AutoCloseable {
    private static final long SERVICE_MS = 5_000;

    private final BundleContext framework;
    private final Bundle bundle;
    private final Function<Bundle, List<URI>> deliveries;
    private ServiceReference<?> reference;
    private CameraDriver driver;
    private long startMs;

    /** @param deliveries where devices can deliver to a bundle now */
    Brought(BundleContext framework, Bundle bundle, Function<Bundle, List<URI>> deliveries) {
        this.framework = framework;
        this.bundle = bundle;
        this.deliveries = deliveries;
    }

    /** Starts it and waits for its service, as an installer does. */
    public CameraDriver start() throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        ServiceListener listener = event -> {
            if (event.getType() == ServiceEvent.REGISTERED && isIts(event.getServiceReference())) {
                seen.countDown();
            }
        };
        framework.addServiceListener(listener);
        try {
            Calls.Answer<Boolean> started = Calls.act("Starting the bundle", SERVICE_MS, bundle::start);
            if (started.failed()) {
                throw new Broken("The bundle does not start: " + started.thrown(), started.thrown());
            }
            startMs = started.elapsedMs();
            if (services().isEmpty()) {
                seen.await(SERVICE_MS, TimeUnit.MILLISECONDS);
            }
        } finally {
            framework.removeServiceListener(listener);
        }
        if (services().isEmpty()) {
            throw new Broken("The bundle registers no service " + CameraDriver.class.getName() + " within "
                    + SERVICE_MS / 1000 + " s.");
        }
        reference = services().get(0);
        if (framework.getService(reference) instanceof CameraDriver its) {
            driver = its;
            return its;
        }
        throw new Broken("The service cannot be got: its component does not activate.");
    }

    private boolean isIts(ServiceReference<?> service) {
        return service.getBundle() == bundle
                && List.of((String[]) service.getProperty("objectClass")).contains(CameraDriver.class.getName());
    }

    /** {@return its services of the contract, now} */
    public List<ServiceReference<?>> services() {
        List<ServiceReference<?>> its = new ArrayList<>();
        ServiceReference<?>[] all = bundle.getRegisteredServices();
        if (all != null) {
            for (ServiceReference<?> one : all) {
                if (isIts(one)) {
                    its.add(one);
                }
            }
        }
        return its;
    }

    public CameraDriver driver() {
        return driver;
    }

    /** {@return whether it refers to the platform's push endpoints} */
    public boolean usesPush() {
        ServiceReference<?>[] used = bundle.getServicesInUse();
        return used != null
                && Arrays.stream(used).anyMatch(service -> List.of((String[]) service.getProperty("objectClass"))
                        .contains(PushEndpoints.class.getName()));
    }

    /** {@return where devices can deliver to it now} */
    public List<URI> pushAddresses() {
        return deliveries.apply(bundle);
    }

    /** {@return how long {@code Bundle.start} took} */
    public long startMs() {
        return startMs;
    }

    /** {@return whose life ends with this copy} */
    public ClassLoader classLoader() {
        return bundle.adapt(BundleWiring.class).getClassLoader();
    }

    /** Stops it as an administrator does; {@return how long that took} */
    public long stop() throws InterruptedException {
        release();
        Calls.Answer<Boolean> stopped = Calls.act("Stopping the bundle", SERVICE_MS, bundle::stop);
        if (stopped.failed()) {
            throw new Broken("The bundle does not stop: " + stopped.thrown(), stopped.thrown());
        }
        return stopped.elapsedMs();
    }

    private void release() {
        if (reference != null) {
            framework.ungetService(reference);
            reference = null;
            driver = null;
        }
    }

    @Override
    public void close() {
        release();
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        } catch (BundleException notClean) {
            throw new Broken("The bundle cannot be taken out: " + notClean.getMessage(), notClean);
        }
    }
}
