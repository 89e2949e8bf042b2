// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.http.context.ServletContextHelper;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContext;

/**
 * The servlet context of WebSockets, of its own so that nothing here restarts REST. An upgrade without valid
 * credentials, or by cookie from a foreign page, is refused before it happens (401, 403).
 */
@Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
@HttpWhiteboardContext(name = LiveContext.NAME, path = "/ws/v1")
public final class LiveContext extends ServletContextHelper {
    /** Name to select the context by. */
    public static final String NAME = "nxvms-ws";

    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    /** For the component runtime. */
    @Activate
    public LiveContext() {}

    /** For tests. */
    LiveContext(AccessGuard guard) {
        this.guard = guard;
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            AuthenticatedUser user = ServletAccess.authenticate(guard, request);
            request.setAttribute(AuthenticatedUser.class.getName(), user);
            return true;
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
            response.flushBuffer();
            return false;
        }
    }
}
