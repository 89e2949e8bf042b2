// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.http.context.ServletContextHelper;

/** The servlet context of {@code /api/v1/events/stream}: its own, so that it and the others cannot disturb each other. */
@Component(
        service = {},
        immediate = true)
public final class StreamContext extends ServletContextHelper {
    static final String NAME = "nxvms-events-stream";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    private ContextGate gate;

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, EventsResource.BASE + "/stream", this);
    }

    @Deactivate
    void close() {
        gate.close();
    }
}
