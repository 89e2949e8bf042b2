// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.servlet.AsyncContext;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;

/**
 * A container that tells nobody when an answer is over, once it is {@link #silence silenced}: Jetty 9.4 does that to an answer
 * that ends in the very moment in which its connection breaks.
 */
public final class SilentContainer implements Filter {
    private volatile boolean silent;

    /** Requests from now on are told nothing. */
    public void silence() {
        silent = true;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(silent ? new Untold((HttpServletRequest) request) : request, response);
    }

    @Override
    public void init(FilterConfig config) {
        // Nothing is configured.
    }

    @Override
    public void destroy() {
        // Nothing is held.
    }

    private static final class Untold extends HttpServletRequestWrapper {
        Untold(HttpServletRequest request) {
            super(request);
        }

        @Override
        public AsyncContext startAsync() {
            AsyncContext context = super.startAsync();
            return (AsyncContext) Proxy.newProxyInstance(
                    AsyncContext.class.getClassLoader(),
                    new Class<?>[] {AsyncContext.class},
                    (self, method, arguments) -> {
                        if ("addListener".equals(method.getName())) {
                            return null;
                        }
                        try {
                            return method.invoke(context, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
