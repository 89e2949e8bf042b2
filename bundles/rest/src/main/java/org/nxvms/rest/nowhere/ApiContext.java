// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.http.context.ServletContextHelper;

/**
 * The servlet context of {@code /api}. Each REST application has a context of its own with a longer path, so that only
 * requests for what is not there come here.
 */
@Component(
        service = {},
        immediate = true)
public final class ApiContext extends ServletContextHelper {
    static final String NAME = "nxvms-api";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    private ContextGate gate;

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, "/api", this);
    }

    @Deactivate
    void close() {
        gate.close();
    }
}
