// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * What is answered below {@code /media/v1/live}, {@code /media/v1/exports} and {@code /media/v1/edge} while the bundle that serves it
 * (a servlet context of its own, with a longer path, which goes first) is being exchanged or is away: programs take 404 for the end
 * of a stream or of a package, and come again after 503.
 */
@Component(
        service = {},
        immediate = true)
public final class StandIn {
    private static final int RETRY_AFTER_SECONDS = 1;

    /** For whom another bundle serves something, and what it is. */
    private record Other(Permission right, String what) {}

    private static final Map<String, Other> OTHERS = Map.of(
            "/live", new Other(Permission.VIEW_LIVE, "Live streams for players are"),
            "/exports", new Other(Permission.EXPORT, "Packages are"),
            "/edge", new Other(Permission.VIEW_ARCHIVE, "Cameras' own recordings are"));

    /** These servlets come after their context and go before it; see {@code ContextGate}. */
    @Reference
    private MediaContext context;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    private final List<Runnable> away = new ArrayList<>();

    /** {@return the paths of others} */
    static Set<String> paths() {
        return OTHERS.keySet();
    }

    /** {@return what one needs to be given anything at a path of the context} */
    static Permission right(String path) {
        Other other = OTHERS.get(path);
        return other == null ? Permission.VIEW_ARCHIVE : other.right();
    }

    /** {@return what stands in at a path} */
    static HttpServlet at(String path, Supplier<AccessGuard> guards) {
        return new ComeAgain(OTHERS.get(path), guards);
    }

    @Activate
    void serve(BundleContext bundle) {
        paths().forEach(path -> away.add(context.serve(bundle, at(path, () -> guard), path)));
    }

    @Deactivate
    void stop() {
        away.forEach(Runnable::run);
    }

    /** Says so to who may have it, whatever is asked. */
    private static final class ComeAgain extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Other other;
        private final transient Supplier<AccessGuard> guards;

        ComeAgain(Other other, Supplier<AccessGuard> guards) {
            this.other = other;
            this.guards = guards;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Problem problem = Problem.unavailable(
                    other.what() + " being started or exchanged. Try again in a second.", RETRY_AFTER_SECONDS);
            try {
                ServletAccess.requireAnywhere(guards.get(), request, other.right());
            } catch (ProblemException refused) {
                problem = refused.problem();
            }
            ServletAccess.write(response, problem);
        }
    }
}
