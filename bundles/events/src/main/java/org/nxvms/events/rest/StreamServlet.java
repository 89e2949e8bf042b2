// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.servlet.AsyncContext;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.events.EventBus;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code GET /api/v1/events/stream}: server-sent events. A servlet and not a JAX-RS resource, because only here is it known
 * whether the connection takes bytes: no thread waits for a slow client and nothing queues up for it.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(StreamContext.SELECT)
@HttpWhiteboardServletName("nxvms-events-stream")
@HttpWhiteboardServletPattern("/*")
@HttpWhiteboardServletAsyncSupported
public final class StreamServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private StreamContext context;

    private static final long serialVersionUID = 1L;
    private static final Set<String> PARAMETERS = Set.of("kinds", "cameras", "severity", "lastEventId");

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    private final transient Follower.Pace pace;
    private transient volatile Followers followers;

    public StreamServlet() {
        this(Follower.Pace.USUAL);
    }

    StreamServlet(Follower.Pace pace) {
        this.pace = pace;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindBus(EventBus bus) {
        Followers before = followers;
        followers = new Followers(bus.engine(), () -> guard, pace);
        if (before != null) {
            before.close();
        }
    }

    void unbindBus(EventBus bus) {
        Followers before = followers;
        if (before != null && before.engine() == bus.engine()) {
            followers = null;
            before.close();
        }
    }

    /** In the place of the component runtime. */
    void guard(AccessGuard now) {
        guard = now;
    }

    @Deactivate
    void close() {
        Followers before = followers;
        followers = null;
        if (before != null) {
            before.close();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            follow(request, response);
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private void follow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedUser user = ServletAccess.requireAnywhere(guard, request, Permission.VIEW_EVENTS);
        EventFilter filter = filter(request);
        Optional<Long> last = last(request);
        Followers all = Absent.require(followers, "The stream of events");
        all.reserve(user.id());
        boolean handedOver = false;
        try {
            response.setContentType("text/event-stream");
            response.setCharacterEncoding("UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Content-Type-Options", "nosniff");
            // For proxies that would wait for more.
            response.setHeader("X-Accel-Buffering", "no");
            AsyncContext connection = request.startAsync();
            connection.setTimeout(0);
            Follower.Client client = new Follower.Client(user, RequestCredentialsFactory.from(request), filter);
            Follower follower = new Follower(all, client, last, connection);
            handedOver = true;
            all.add(follower);
        } finally {
            if (!handedOver) {
                all.release(user.id());
            }
        }
    }

    private static EventFilter filter(HttpServletRequest request) {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!PARAMETERS.contains(parameter.getKey())) {
                throw Problem.malformed(
                                parameter.getKey(),
                                "There is no query parameter \"" + parameter.getKey()
                                        + "\" here; there are kinds, cameras, severity, lastEventId.")
                        .exception();
            }
        }
        return Filters.of(
                null,
                null,
                request.getParameter("kinds"),
                request.getParameter("cameras"),
                request.getParameter("severity"));
    }

    /** The header wins: a browser that comes again by itself sends it, beside the address it began with. */
    private static Optional<Long> last(HttpServletRequest request) {
        String header = request.getHeader("Last-Event-ID");
        String text = header == null || header.isBlank() ? request.getParameter("lastEventId") : header;
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    Problem.malformed(
                            "lastEventId",
                            "\"Last-Event-ID\" is not one this stream gave out. Begin again without it."),
                    e);
        }
    }
}
