// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.http.context.ServletContextHelper;

/** The console's own servlet context, so that neither REST nor media nor WebSockets notice when it is replaced. */
@Component(
        service = {},
        immediate = true)
public final class ConsoleContext extends ServletContextHelper {
    static final String NAME = "nxvms-console";

    private ContextGate gate;

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, "/console", this);
    }

    @Deactivate
    void close() {
        gate.close();
    }
}
