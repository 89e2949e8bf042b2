// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import java.io.IOException;
import java.util.regex.Pattern;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers requests for media while what serves them is being started or exchanged: programs take 404 for the end of a stream, or
 * for footage that is gone, and come again after 503 (ADR 137).
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(MediaContext.SELECT)
@HttpWhiteboardServletPattern("/*")
public final class AwayMedia extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final Pattern KNOWN =
            Pattern.compile("/v1/(archive|segments|init|keyframes|live|exports|edge)(/.*)?");

    static final Problem AWAY = Problem.unavailable(
            "What serves these media is being started or exchanged. Try again in a second.", RETRY_AFTER_SECONDS);

    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    /** Who comes here has shown credentials; whose media they are, who is away would know. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        boolean known = path != null && KNOWN.matcher(path).matches();
        ServletAccess.write(response, known ? AWAY : NoSuchPath.PROBLEM);
    }
}
