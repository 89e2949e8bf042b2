// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.http.context.ServletContextHelper;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContext;

/** The console's own servlet context, so that neither REST nor media nor WebSockets notice when it is replaced. */
@Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
@HttpWhiteboardContext(name = ConsoleContext.NAME, path = "/console")
public final class ConsoleContext extends ServletContextHelper {
    static final String NAME = "nxvms-console";
}
