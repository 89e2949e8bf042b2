// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.function.Supplier;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.jaxrs.whiteboard.JaxrsWhiteboardConstants;

/**
 * The REST applications of a bundle that has several: published by one component, which holds their dynamic
 * references once. Each stays an application of its own, so that none disturbs another.
 */
public final class ApplicationSet implements AutoCloseable {
    private final BundleContext bundle;
    private final Supplier<AccessGuard> guard;
    private final Supplier<AuditTrail> audit;
    private final List<ServiceRegistration<Application>> published = new ArrayList<>();

    /**
     * @param guard the guard now, null while it is absent
     * @param audit where {@link Audited} methods are noted, null while it is absent
     */
    public ApplicationSet(BundleContext bundle, Supplier<AccessGuard> guard, Supplier<AuditTrail> audit) {
        this.bundle = bundle;
        this.guard = guard;
        this.audit = audit;
    }

    /**
     * Publishes one application.
     *
     * @param base where it stands, e.g. {@code /api/v1/lamps}
     * @param name of the application, e.g. {@code nxvms-lamps}
     * @param resource has {@code @Path}
     * @param providers more JAX-RS providers, such as mappers of the capability's exceptions
     */
    public ApplicationSet publish(String base, String name, Object resource, Object... providers) {
        return publish(base, name, List.of(resource), providers);
    }

    /** Publishes one application of several resources; the one with the longest fitting {@code @Path} answers. */
    public ApplicationSet publish(String base, String name, List<?> resources, Object... providers) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(JaxrsWhiteboardConstants.JAX_RS_APPLICATION_BASE, base);
        properties.put(JaxrsWhiteboardConstants.JAX_RS_NAME, name);
        published.add(
                bundle.registerService(Application.class, application(List.copyOf(resources), providers), properties));
        return this;
    }

    private RestApplication application(List<Object> resources, Object... providers) {
        return new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard.get();
            }

            @Override
            protected AuditTrail audit() {
                return audit.get();
            }

            @Override
            protected List<Object> resources() {
                return resources;
            }

            @Override
            protected List<Object> providers() {
                return List.of(providers);
            }
        };
    }

    /** Withdraws all, the last one first. */
    @Override
    public void close() {
        for (int i = published.size() - 1; i >= 0; i--) {
            try {
                published.get(i).unregister();
            } catch (IllegalStateException gone) {
                // The framework took it back with the bundle; nothing is left to do.
                continue;
            }
        }
        published.clear();
    }
}
