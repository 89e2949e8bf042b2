// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.http.context.ServletContextHelper;

/**
 * The servlet context of what devices deliver, of its own so that nothing here restarts REST. It asks for no login: the
 * secret in the path is what lets a request in.
 */
@Component(
        service = {},
        immediate = true)
public final class PushContext extends ServletContextHelper {
    static final String PATH = "/push/v1";
    /** Name to select the context by. */
    static final String NAME = "nxvms-push";

    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    private ContextGate gate;

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, PATH, this);
    }

    @Deactivate
    void close() {
        gate.close();
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) {
        return true;
    }
}
