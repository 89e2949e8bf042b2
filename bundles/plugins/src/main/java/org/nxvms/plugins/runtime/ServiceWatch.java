// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** Waits until a plugin offers a service of a contract: an interface of {@code org.nxvms}. */
final class ServiceWatch implements ServiceListener, AutoCloseable {
    private static final String HOUSE = "org.nxvms.";

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

    /** {@return the contract whose service is there; empty when none came in time} */
    synchronized Optional<String> await(long deadlineNanos) throws InterruptedException {
        Optional<String> found = find();
        while (found.isEmpty()) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                return found;
            }
            // Not 0, which would be for ever.
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            found = find();
        }
        return found;
    }

    /** {@return whether every bundle that knows a contract knows it as the plugin does, so that it gets the service} */
    boolean isSeenByAll(String contract) {
        for (ServiceReference<?> reference : services()) {
            if (names(reference, contract)) {
                for (Bundle other : context.getBundles()) {
                    if (!reference.isAssignableTo(other, contract)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private Optional<String> find() {
        for (ServiceReference<?> reference : services()) {
            for (String name : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                if (name.startsWith(HOUSE)) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean names(ServiceReference<?> reference, String contract) {
        return java.util.List.of((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .contains(contract);
    }

    private ServiceReference<?>[] services() {
        if (bundle.getState() == Bundle.UNINSTALLED) {
            return new ServiceReference<?>[0];
        }
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        return services == null ? new ServiceReference<?>[0] : services;
    }

    @Override
    public void close() {
        context.removeServiceListener(this);
    }
}
