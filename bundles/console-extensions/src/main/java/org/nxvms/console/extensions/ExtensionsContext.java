// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import org.nxvms.console.extensions.found.Extension;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.http.context.ServletContextHelper;

/** The servlet context of extensions' files: its own, below the console's, so that either can be replaced alone. */
@Component(
        service = {},
        immediate = true)
public final class ExtensionsContext extends ServletContextHelper {
    static final String NAME = "nxvms-console-extensions";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    private ContextGate gate;

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, Extension.PATH, this);
    }

    @Deactivate
    void close() {
        gate.close();
    }
}
