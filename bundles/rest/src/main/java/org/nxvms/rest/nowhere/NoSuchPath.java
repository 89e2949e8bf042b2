// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
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
 * learn which it is.
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

    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient ApiContext context;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Problem problem = PROBLEM;
        try {
            ServletAccess.authenticate(guard, request);
        } catch (ProblemException e) {
            problem = e.problem();
        }
        ServletAccess.write(response, problem);
    }
}
