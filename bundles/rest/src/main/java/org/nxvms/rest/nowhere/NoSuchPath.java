// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers what no REST application answers: a wrong address, or a capability that is not installed. Strangers do not
 * learn which it is. What belongs to the server itself is being started or exchanged when it is asked for here: 503, so that
 * programs come again.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(ApiContext.SELECT)
@HttpWhiteboardServletPattern("/*")
public final class NoSuchPath extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final Problem PROBLEM = Problem.of(
            "no-such-path",
            "Nothing answers at this address",
            HttpServletResponse.SC_NOT_FOUND,
            "Nothing answers at this address: it is wrong, or what serves it is not installed."
                    + " GET /api/v1/openapi.json lists what there is.");

    private static final int RETRY_AFTER_SECONDS = 1;

    static final Problem AWAY = Problem.unavailable(
            "What answers at this address is being started or exchanged. Try again in a second.", RETRY_AFTER_SECONDS);

    /** What answers without credentials: who signs in has none yet. */
    private static final Pattern OPEN = Pattern.compile("/v1/(auth|health)(/.*)?");
    /** What is part of each server; what features bring (webhooks, oidc) may never come. */
    private static final Pattern KNOWN = Pattern.compile("/v1/(api-keys|archive|audit|backups|bookmarks|cameras"
            + "|console/extensions|discovery|drivers|events|exports|gap-fills|groups|known-servers|layouts|live|locks"
            + "|motion|openapi\\.json|plugins|removals|roles|servers|storage|timeline|users)(/.*)?");

    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient ApiContext context;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    /** For the component runtime. */
    public NoSuchPath() {}

    /** For tests. */
    NoSuchPath(AccessGuard guard) {
        this.guard = guard;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Objects.requireNonNullElse(request.getPathInfo(), "");
        if (OPEN.matcher(path).matches()) {
            ServletAccess.write(response, AWAY);
            return;
        }
        Problem problem = KNOWN.matcher(path).matches() ? AWAY : PROBLEM;
        try {
            ServletAccess.authenticate(guard, request);
        } catch (ProblemException e) {
            problem = e.problem();
        }
        ServletAccess.write(response, problem);
    }
}
