// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.util.function.Supplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;

/**
 * What is answered below {@code /media/v1} where nothing is. It is there before all other servlets of the context and goes after
 * them, so that each request finds one, and the context is asked that knows which are on their way ({@code PassageContext}).
 */
final class NoMedia extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final Problem JUST_COME = Problem.unavailable(
            "Recorded media are being started or exchanged. Try again in a second.", RETRY_AFTER_SECONDS);
    private static final Problem NOTHING =
            Problem.notFound("There is nothing here. GET /api/v1/openapi.json lists what there is below /media/v1.");

    private final transient Supplier<AccessGuard> guards;

    NoMedia(Supplier<AccessGuard> guards) {
        this.guards = guards;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        int end = path.indexOf('/', 1);
        String first = end < 0 ? path : path.substring(0, end);
        Problem problem = NOTHING;
        if (!first.equals(MediaContext.ALL) && MediaContext.PATHS.contains(first)) {
            // The web server looked for a servlet before that one came, and asked the context afterwards.
            problem = JUST_COME;
            try {
                ServletAccess.requireAnywhere(guards.get(), request, StandIn.right(first));
            } catch (ProblemException refused) {
                problem = refused.problem();
            }
        }
        ServletAccess.write(response, problem);
    }
}
