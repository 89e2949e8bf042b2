// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Waits until a plugin offers its services of contracts, interfaces of {@code org.nxvms}, and those who use them took them. What
 * it brings for the console is an offer too; one without code of its own has no other.
 */
final class ServiceWatch implements ServiceListener, AutoCloseable {
    private static final String HOUSE = "org.nxvms.";
    private static final String DRIVER_ID = "nxvms.driver.id";
    private static final String CONSOLE = "console extension";
    /** What makes code of a bundle run when it starts. */
    private static final Set<String> CODE = Set.of(Constants.BUNDLE_ACTIVATOR, "Service-Component");

    /** Who uses a service may take it a moment after it came, which no event tells. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final BundleContext context;
    private final Bundle bundle;

    ServiceWatch(BundleContext context, Bundle bundle) {
        this.context = context;
        this.bundle = bundle;
        context.addServiceListener(this);
    }

    @Override
    public synchronized void serviceChanged(ServiceEvent event) {
        if (event.getServiceReference().getBundle() == bundle) {
            notifyAll();
        }
    }

    /** {@return whether it became true in time, and while the bundle was there} */
    synchronized boolean await(Predicate<Bundle> condition, long deadlineNanos) throws InterruptedException {
        while (!condition.test(bundle)) {
            long left = Math.min(deadlineNanos - System.nanoTime(), LOOK_NANOS);
            if (left <= 0 || bundle.getState() == Bundle.UNINSTALLED) {
                return false;
            }
            // Not 0, which would be for ever.
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
        return true;
    }

    /** {@return whether every bundle that knows a contract knows it as the plugin does, so that it gets the service} */
    boolean isSeenByAll() {
        for (ServiceReference<?> reference : services(bundle)) {
            for (String name : names(reference)) {
                for (Bundle other : name.startsWith(HOUSE) ? context.getBundles() : new Bundle[0]) {
                    if (!reference.isAssignableTo(other, name)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** {@return whether all is there that can be waited for without knowing the plugin} */
    static boolean offersEnough(Bundle bundle) {
        Set<String> offers = offers(bundle);
        boolean codeless =
                CODE.stream().allMatch(header -> bundle.getHeaders("").get(header) == null);
        return codeless ? !offers.isEmpty() : offers.stream().anyMatch(offer -> !offer.equals(CONSOLE));
    }

    /** {@return the contracts a bundle offers services of; a driver's with its id; and whether it brings something to show} */
    static Set<String> offers(Bundle bundle) {
        Set<String> offers = new TreeSet<>();
        if (bundle.getState() == Bundle.ACTIVE && bundle.getHeaders("").get(ConsoleExtensions.HEADER) != null) {
            offers.add(CONSOLE);
        }
        for (ServiceReference<?> reference : services(bundle)) {
            for (String name : names(reference)) {
                if (name.startsWith(HOUSE)) {
                    Object id = reference.getProperty(DRIVER_ID);
                    offers.add(id == null ? name : name + " " + id);
                }
            }
        }
        return offers;
    }

    private static String[] names(ServiceReference<?> reference) {
        return (String[]) reference.getProperty(Constants.OBJECTCLASS);
    }

    private static ServiceReference<?>[] services(Bundle bundle) {
        ServiceReference<?>[] services =
                bundle.getState() == Bundle.UNINSTALLED ? null : bundle.getRegisteredServices();
        return services == null ? new ServiceReference<?>[0] : services;
    }

    @Override
    public void close() {
        context.removeServiceListener(this);
    }
}
