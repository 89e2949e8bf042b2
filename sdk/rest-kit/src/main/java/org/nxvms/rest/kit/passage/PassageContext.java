// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.passage;

import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.http.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guarded context that registers its servlets itself, each for a path of its own, and takes one away when nobody is on the way to
 * it. Taken away from under a request, the web server would answer that one 404, which programs take for the truth (ADR 137).
 *
 * <p>Use: a servlet's component has a reference to the context, {@link #serve}s itself last of all in its activation, and runs
 * what it was given first of all in its deactivation.
 */
public abstract class PassageContext extends GuardedContext {
    /** The path of a servlet that has all of the context, or all that no other of its servlets has. */
    public static final String ALL = "";

    private static final Logger LOG = LoggerFactory.getLogger(PassageContext.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    /** Servlets wait for nobody: one takes longer only on a machine that stands still. */
    private static final Duration LEAVE_MAX = Duration.ofSeconds(5);
    /** Of a request that is on its way through. */
    private static final String INSIDE = PassageContext.class.getName() + ".inside";

    private final Map<String, Passage> passages = new TreeMap<>();
    private final String name;
    private final String what;
    private final Duration leaveMax;

    /**
     * A context of which no servlet serves yet.
     *
     * @param name of the context, by which it is selected
     * @param what is served, for people, with its verb: "Packages are"
     * @param paths of its servlets, such as {@code /segments}, or {@link #ALL}. Where there are several, ALL is one of them: its
     *     servlet comes first, goes last, and says "come again" to who was on the way when another one came
     */
    protected PassageContext(String name, String what, Set<String> paths) {
        this(name, what, paths, LEAVE_MAX);
    }

    /** For tests: one that waits longer. */
    protected PassageContext(String name, String what, Set<String> paths, Duration leaveMax) {
        this.name = name;
        this.what = what;
        this.leaveMax = leaveMax;
        paths.forEach(path -> passages.put(path, new Passage()));
    }

    /**
     * Lets requests through to a servlet until what is returned is run.
     *
     * <p>That refuses who comes from then on, and waits for who is on the way, before the servlet goes.
     *
     * @param path one of those of the context
     */
    public final Runnable serve(BundleContext bundle, Servlet servlet, String path) {
        Passage passage = passages.get(path);
        if (passage == null) {
            throw new IllegalArgumentException(path + " is no path of " + name);
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + name + ")");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, name + path.replace('/', '-'));
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, path + "/*");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, true);
        ServiceRegistration<Servlet> registration = bundle.registerService(Servlet.class, servlet, properties);
        passage.open();
        return () -> {
            if (!passage.close(leaveMax)) {
                LOG.warn(
                        "Requests are still on their way to a servlet of {} that goes; they may be told that there is nothing",
                        name);
            }
            try {
                registration.unregister();
            } catch (IllegalStateException gone) {
                LOG.debug("The framework took the servlet back with the bundle", gone);
            }
        };
    }

    /** Called by a servlet that answers for long: it may be taken away from now on, and goes on all the same. */
    public static void arrived(HttpServletRequest request) {
        if (request.getAttribute(INSIDE) instanceof Passage passage) {
            request.removeAttribute(INSIDE);
            passage.leave();
        }
    }

    @Override
    protected final Optional<Problem> refusal(HttpServletRequest request) {
        Passage passage = passage(request);
        if (passage == null) {
            return Optional.empty();
        }
        if (passage.enter()) {
            request.setAttribute(INSIDE, passage);
            return Optional.empty();
        }
        return Optional.of(
                Problem.unavailable(what + " being started or exchanged. Try again in a second.", RETRY_AFTER_SECONDS));
    }

    /** {@return the way to the servlet that a request is for; null when it is for none} */
    private Passage passage(HttpServletRequest request) {
        String info = request.getPathInfo();
        // Where no servlet is registered, all of it is the servlet's path.
        String path = request.getServletPath() + (info == null ? "" : info);
        int end = path.indexOf('/', 1);
        Passage own = passages.get(end < 0 ? path : path.substring(0, end));
        return own != null ? own : passages.get(ALL);
    }

    @Override
    public final void finishSecurity(HttpServletRequest request, HttpServletResponse response) {
        arrived(request);
    }
}
