// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.whiteboard.ContextGate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servlet context of live playlists and their media, of its own because the one of {@code /media/v1} is another bundle's. */
@Component(
        service = {},
        immediate = true)
public final class HlsContext extends GuardedContext {
    static final String PATH = "/media/v1/live";
    /** Of the context, and of its servlet. */
    static final String NAME = "nxvms-live-hls";

    private static final Logger LOG = LoggerFactory.getLogger(HlsContext.class);
    private static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private static final int RETRY_AFTER_SECONDS = 1;
    /** The servlet waits for nobody: it takes longer only on a machine that stands still. */
    private static final Duration LEAVE_MAX = Duration.ofSeconds(5);
    /** Of a request that is on its way through. */
    private static final String INSIDE = HlsContext.class.getName() + ".inside";

    private final Passage passage = new Passage();
    private final Duration leaveMax;
    private ContextGate gate;

    /** For the component runtime. */
    public HlsContext() {
        leaveMax = LEAVE_MAX;
    }

    /** For tests. */
    HlsContext(AccessGuard guard, Duration leaveMax) {
        this.guard = guard;
        this.leaveMax = leaveMax;
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
     * Lets requests through to the servlet that has all of this context, until what is returned is run.
     *
     * <p>That refuses who comes from then on, and waits for who is on the way, before the servlet goes. Taken away from under
     * a request, the web server would answer that one 404, which players take for the end of the stream (ADR 137).
     */
    Runnable serve(BundleContext bundle, Servlet servlet) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT, SELECT);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, NAME);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, "/*");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, true);
        ServiceRegistration<Servlet> registration = bundle.registerService(Servlet.class, servlet, properties);
        passage.open();
        return () -> {
            if (!passage.close(leaveMax)) {
                LOG.warn(
                        "Requests for live streams are still on their way; their players may be told that there is none");
            }
            try {
                registration.unregister();
            } catch (IllegalStateException gone) {
                LOG.debug("The framework took the servlet back with the bundle", gone);
            }
        };
    }

    @Override
    protected Optional<Problem> refusal(HttpServletRequest request) {
        if (passage.enter()) {
            request.setAttribute(INSIDE, true);
            return Optional.empty();
        }
        return Optional.of(Problem.unavailable(
                "Live streams for players are being started or exchanged. Try again in a second.",
                RETRY_AFTER_SECONDS));
    }

    @Override
    public void finishSecurity(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(INSIDE) != null) {
            request.removeAttribute(INSIDE);
            passage.leave();
        }
    }
}
