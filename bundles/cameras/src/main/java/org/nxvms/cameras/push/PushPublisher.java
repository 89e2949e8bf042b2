// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import org.nxvms.driver.spi.PushEndpoints;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Gives each bundle endpoints of its own: the framework says when a bundle uses the service no more, because it was stopped,
 * too, and then they are closed.
 */
@Component(
        service = {},
        immediate = true)
public final class PushPublisher {
    private final ServiceRegistration<PushEndpoints> registration;

    @Activate
    public PushPublisher(BundleContext own, @Reference PushRegistry registry) {
        registration = own.registerService(PushEndpoints.class, new OfBundle(registry), null);
    }

    @Deactivate
    void close() {
        try {
            registration.unregister();
        } catch (IllegalStateException gone) {
            // The framework took it back with the bundle; nothing is left to do.
            return;
        }
    }

    /** What a bundle gets. */
    record OfBundle(PushRegistry registry) implements ServiceFactory<PushEndpoints> {
        @Override
        public PushEndpoints getService(Bundle user, ServiceRegistration<PushEndpoints> registration) {
            return new PushService(registry, user.getSymbolicName());
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<PushEndpoints> registration, PushEndpoints service) {
            ((PushService) service).close();
        }
    }
}
