// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.http.context.ServletContextHelper;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContext;

/** The servlet context of {@code /metrics}: its own, so that it and the others cannot disturb each other. */
@Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
@HttpWhiteboardContext(name = MetricsContext.NAME, path = "/metrics")
public final class MetricsContext extends ServletContextHelper {
    static final String NAME = "nxvms-metrics";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";
}
