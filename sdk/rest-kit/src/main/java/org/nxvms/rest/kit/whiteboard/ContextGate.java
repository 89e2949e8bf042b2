// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.whiteboard;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.http.context.ServletContextHelper;
import org.osgi.service.http.whiteboard.HttpWhiteboardConstants;

/**
 * Registers a servlet context, and only then lets its servlets come; takes them away before the context.
 *
 * <p>Why: Pax Web 8 takes servlets that wait for their context into use while it holds the whiteboard's lock,
 * and waits for its configuration thread meanwhile. If that thread is just registering another context (the
 * JAX-RS whiteboard does, at start), the two wait for each other for good. A context that no servlet waits
 * for cannot get there.
 *
 * <p>Use: a context's component registers itself with a gate in its activation; its servlets' components have
 * a mandatory reference to the context's class, which is a service only while the gate is open. Because
 * that service appears at run time, the bundle states it as a {@code Provide-Capability}.
 */
public final class ContextGate implements AutoCloseable {
    private final ServiceRegistration<ServletContextHelper> context;
    private final ServiceRegistration<?> open;
    /** Takes away what was served first. */
    private final Runnable last;

    /**
     * @param name selects the context
     * @param path where it stands, e.g. {@code /media/v1}
     * @param helper the context; its class becomes the service that servlets refer to
     */
    public ContextGate(BundleContext bundle, String name, String path, ServletContextHelper helper) {
        this(bundle, name, path, helper, () -> () -> {});
    }

    /**
     * As the other.
     *
     * @param first serves something before all other servlets come, and gives what takes it away when they have gone
     */
    public ContextGate(
            BundleContext bundle, String name, String path, ServletContextHelper helper, Supplier<Runnable> first) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, name);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, path);
        // Returns when the whiteboard knows it: service listeners are called before.
        context = bundle.registerService(ServletContextHelper.class, helper, properties);
        last = first.get();
        open = bundle.registerService(helper.getClass().getName(), helper, new Hashtable<>());
    }

    @Override
    public void close() {
        unregister(open);
        last.run();
        unregister(context);
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException gone) {
            // The framework took it back with the bundle; nothing is left to do.
            return;
        }
    }
}
