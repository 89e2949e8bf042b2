// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The servlet context of live playlists and their media, of its own because the one of {@code /media/v1} is another bundle's. */
@Component(
        service = {},
        immediate = true)
public final class HlsContext extends GuardedContext {
    static final String PATH = "/media/v1/live";
    /** Name to select the context by. */
    static final String NAME = "nxvms-live-hls";

    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private static final int RETRY_AFTER_SECONDS = 1;

    private ContextGate gate;

    /** For the component runtime. */
    public HlsContext() {}

    /** For tests. */
    HlsContext(AccessGuard guard) {
        this.guard = guard;
    }

    @Activate
    void open(BundleContext bundle) {
        gate = new ContextGate(bundle, NAME, PATH, this);
    }

    @Deactivate
    void close() {
        gate.close();
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    /**
     * While the bundle comes or goes there is a moment in which this context is there and its servlet, which has all of it, is not:
     * the web server's own servlet for whatever nobody serves has the request then, and the whole path is its own.
     */
    @Override
    protected Optional<Problem> unserved(HttpServletRequest request) {
        return request.getPathInfo() == null && !request.getServletPath().isEmpty()
                ? Optional.of(Problem.unavailable(
                        "Live streams for players are being started or exchanged. Try again in a second.",
                        RETRY_AFTER_SECONDS))
                : Optional.empty();
    }
}
