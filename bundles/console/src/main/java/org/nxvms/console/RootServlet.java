// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import java.io.IOException;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Leads {@code /}, and nothing below it, to the console. The empty pattern is the context root alone (Servlet 4.0 12.2),
 * so no other path of the default context changes its owner.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("")
public final class RootServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SecurityHeaders.set(response);
        response.setHeader("Cache-Control", "no-cache");
        response.sendRedirect("/console/");
    }
}
