// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * What is answered below {@code /media/v1/live} while the bundle that serves it (a servlet context of its own, with a longer path,
 * which goes first) is being exchanged or is away: players take 404 for the end of a stream, and come again after 503.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(MediaContext.SELECT)
@HttpWhiteboardServletName("nxvms-media-live-stand-in")
@HttpWhiteboardServletPattern("/live/*")
public final class LiveStandIn extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private MediaContext context;

    private static final long serialVersionUID = 1L;
    private static final int RETRY_AFTER_SECONDS = 1;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    /** For the component runtime. */
    @Activate
    public LiveStandIn() {}

    /** For tests. */
    LiveStandIn(AccessGuard guard) {
        this.guard = guard;
    }

    @Override
    Archive archive() {
        return null;
    }

    @Override
    AccessGuard guard() {
        return guard;
    }

    @Override
    void answer(String path, HttpServletRequest request, HttpServletResponse response) {
        ServletAccess.requireAnywhere(guard, request, Permission.VIEW_LIVE);
        throw Problem.unavailable(
                        "Live streams for players are being started or exchanged. Try again in a second.",
                        RETRY_AFTER_SECONDS)
                .exception();
    }
}
