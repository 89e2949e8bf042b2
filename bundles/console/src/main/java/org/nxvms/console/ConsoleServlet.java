// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.rest.kit.coding.AcceptEncoding;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers GET and HEAD with the built console. Files with a hash in their name never change and are cached for good;
 * {@code index.html} is asked for each time. A path without a file name extension belongs to the console's own routing
 * and gets {@code index.html}; a missing file is 404. Called from the web server's threads; blocks only while a file is
 * read for the first time.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=" + ConsoleContext.NAME + ")")
@HttpWhiteboardServletPattern("/*")
public final class ConsoleServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private ConsoleContext context;

    private static final long serialVersionUID = 1L;

    static final String INDEX = "/index.html";
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    private final transient ConsoleFiles files;

    /** @param context of the bundle that holds the built console */
    @Activate
    public ConsoleServlet(BundleContext context) {
        this(new ConsoleFiles(path -> context.getBundle().getEntry(path)));
    }

    ConsoleServlet(ConsoleFiles files) {
        this.files = files;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SecurityHeaders.set(response);
        String path = request.getPathInfo();
        if (path == null || request.getRequestURI().equals(request.getContextPath())) {
            response.sendRedirect(request.getContextPath() + "/");
            return;
        }
        Optional<ConsoleFiles.StaticFile> file = files.find(path.equals("/") ? INDEX : path);
        if (file.isEmpty() && isRoute(path)) {
            file = files.find(INDEX);
        }
        if (file.isEmpty()) {
            notFound(response);
            return;
        }
        send(file.get(), request, response);
    }

    /** A route of the console, as opposed to a file that should be there. */
    private static boolean isRoute(String path) {
        return path.indexOf('.', path.lastIndexOf('/') + 1) < 0;
    }

    private static void send(ConsoleFiles.StaticFile file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", file.immutable() ? IMMUTABLE : "no-cache");
        response.setHeader("ETag", file.etag());
        if (file.packed().isPresent()) {
            response.setHeader("Vary", "Accept-Encoding");
        }
        String seen = request.getHeader("If-None-Match");
        if (file.etag().equals(seen) || AcceptEncoding.weak(file.etag()).equals(seen)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.contentType());
        byte[] body = file.plain();
        if (file.packed().isPresent() && AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding"))) {
            response.setHeader("Content-Encoding", "gzip");
            response.setHeader("ETag", AcceptEncoding.weak(file.etag()));
            body = file.packed().get();
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void notFound(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.getOutputStream().write("There is no such file in the console.\n".getBytes(StandardCharsets.UTF_8));
    }
}
