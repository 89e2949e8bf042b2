// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /push/v1/{secret}/...}: takes what a device delivers, within its driver's limits, and gives the driver's answer. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PushContext.SELECT)
@HttpWhiteboardServletName("nxvms-push")
@HttpWhiteboardServletPattern("/*")
public final class PushServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient PushContext context;

    private static final long serialVersionUID = 1L;
    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9_-]{43})(/.*)?");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT");
    private static final int HEADERS_MAX = 50;
    /** Of the web server's threads, each of which waits for a driver. */
    private static final int AT_ONCE_MAX = 32;

    private static final int PIECE_BYTES = 8 << 10;

    private final transient PushRegistry registry;
    private final transient Semaphore atOnce = new Semaphore(AT_ONCE_MAX);

    @Activate
    public PushServlet(@Reference PushRegistry registry) {
        this.registry = registry;
    }

    /** A request that is not taken. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status) {
            super("status " + status, null, false, false);
            this.status = status;
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            answer(response, take(request));
        } catch (Refused refused) {
            refuse(response, refused.status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(response, 503);
        }
    }

    private HttpInbox.Answer take(HttpServletRequest request) throws Refused, IOException, InterruptedException {
        Matcher path = PATH.matcher(Optional.ofNullable(request.getPathInfo()).orElse(""));
        HttpInbox inbox = (path.matches() ? registry.inbox(path.group(1)) : Optional.<HttpInbox>empty())
                .orElseThrow(() -> new Refused(404));
        if (!METHODS.contains(request.getMethod())) {
            throw new Refused(405);
        }
        if (!inbox.isInTime()) {
            throw new Refused(429);
        }
        if (request.getContentLengthLong() > inbox.bytesMax()) {
            throw new Refused(413);
        }
        if (!atOnce.tryAcquire()) {
            throw new Refused(503);
        }
        try {
            if (!inbox.enter()) {
                throw new Refused(503);
            }
            try {
                String query = request.getQueryString();
                String behind = Optional.ofNullable(path.group(2)).orElse("") + (query == null ? "" : "?" + query);
                return inbox.deliver(request.getMethod(), behind, headers(request), body(request, inbox));
            } finally {
                inbox.leave();
            }
        } finally {
            atOnce.release();
        }
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        Enumeration<String> names = request.getHeaderNames();
        while (names.hasMoreElements() && headers.size() < HEADERS_MAX) {
            String name = names.nextElement();
            headers.putIfAbsent(name.toLowerCase(Locale.ROOT), request.getHeader(name));
        }
        return Map.copyOf(headers);
    }

    private static byte[] body(HttpServletRequest request, HttpInbox inbox) throws IOException, Refused {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(inbox.timeMs());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE_BYTES];
        InputStream in = request.getInputStream();
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            if (body.size() + count > inbox.bytesMax()) {
                throw new Refused(413);
            }
            body.write(piece, 0, count);
            if (System.nanoTime() - endNs > 0) {
                throw new Refused(408);
            }
        }
        return body.toByteArray();
    }

    private static void answer(HttpServletResponse response, HttpInbox.Answer answer) throws IOException {
        if (answer.status() == 503 && answer.body().length == 0) {
            response.setIntHeader("Retry-After", 1);
        }
        response.setStatus(answer.status());
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (answer.body().length > 0) {
            response.setContentType(answer.contentType());
            response.setContentLength(answer.body().length);
            response.getOutputStream().write(answer.body());
        }
    }

    /** Without a word: who comes here is a machine, or a stranger. */
    private static void refuse(HttpServletResponse response, int status) {
        if (status == 429 || status == 503) {
            response.setIntHeader("Retry-After", 1);
        }
        if (status == 405) {
            response.setHeader("Allow", "GET, POST, PUT");
        }
        // What was not read of the body is of no interest.
        response.setHeader("Connection", "close");
        response.setStatus(status);
    }
}
