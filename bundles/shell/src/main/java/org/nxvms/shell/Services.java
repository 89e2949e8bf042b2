// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.support.CommandException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The platform's services as they are now. A command takes them when it runs rather than by {@code
 * @Reference}: it then exists, with its help, while a service is away, and says which one is missing.
 */
final class Services {
    private final BundleContext context;

    Services(BundleContext context) {
        this.context = context;
    }

    /**
     * @param what the capability in words, for the message
     * @throws CommandException when the service is not there
     */
    <T> T require(Class<T> type, String what) throws CommandException {
        return find(type)
                .orElseThrow(() -> new CommandException(
                        what + " does not run. See nxvms:status, and bundle:list for what is not Active."));
    }

    <T> Optional<T> find(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        return reference == null ? Optional.empty() : Optional.ofNullable(context.getService(reference));
    }

    <T> List<T> all(Class<T> type) {
        List<T> services = new ArrayList<>();
        try {
            Collection<ServiceReference<T>> references = context.getServiceReferences(type, null);
            for (ServiceReference<T> reference : references) {
                T service = context.getService(reference);
                if (service != null) {
                    services.add(service);
                }
            }
        } catch (InvalidSyntaxException e) {
            // There is no filter.
            throw new IllegalStateException(e);
        }
        return services;
    }
}
