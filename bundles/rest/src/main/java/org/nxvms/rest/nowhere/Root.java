// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Leads {@code /} to the console, and answers what no servlet context answers: it is being started or exchanged, or never was.
 * The empty pattern, which is the root alone (Servlet 4.0 12.2), does not survive as a component property, so this is the
 * default servlet of the root context.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/")
public final class Root extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String CONSOLE = "/console/";
    private static final Pattern KNOWN = Pattern.compile("/(api|console|media|metrics|push|ws)(/.*)?");
    private static final Problem METHOD_NOT_ALLOWED = Problem.of(
            "method-not-allowed",
            "Method not allowed",
            HttpServletResponse.SC_METHOD_NOT_ALLOWED,
            "This address leads to the console: use GET or HEAD.");
    private static final Problem NOTHING = Problem.of(
            "no-such-path",
            "Nothing answers at this address",
            HttpServletResponse.SC_NOT_FOUND,
            "Nothing answers at this address. The console is at /console/, programs begin at /api/v1/openapi.json.");

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        if (KNOWN.matcher(path).matches()) {
            ServletAccess.write(response, NoSuchPath.AWAY);
        } else if (!"/".equals(path)) {
            ServletAccess.write(response, NOTHING);
        } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            response.setHeader("Cache-Control", "no-cache");
            response.sendRedirect(CONSOLE);
        } else {
            ServletAccess.write(response, METHOD_NOT_ALLOWED, Map.of("Allow", "GET, HEAD"));
        }
    }
}
