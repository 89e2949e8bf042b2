// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import javax.servlet.Filter;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.http.context.ServletContextHelper;

/** What the whiteboard does for a context: asks it before its servlet, and takes the servlet away. */
public final class Whiteboard {
    private Whiteboard() {}

    /** {@return what stands before the servlets of a context} */
    public static Filter door(ServletContextHelper context) {
        return (request, response, chain) -> {
            HttpServletRequest asked = (HttpServletRequest) request;
            HttpServletResponse answer = (HttpServletResponse) response;
            try {
                if (context.handleSecurity(asked, answer)) {
                    chain.doFilter(request, response);
                }
            } finally {
                context.finishSecurity(asked, answer);
            }
        };
    }

    /** {@return a bundle that can register one servlet, and what is done when it takes it back} */
    public static BundleContext bundle(Runnable unregistered) {
        ServiceRegistration<?> registration = proxy(ServiceRegistration.class, (self, method, arguments) -> {
            unregistered.run();
            return null;
        });
        return proxy(BundleContext.class, (self, method, arguments) -> registration);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
