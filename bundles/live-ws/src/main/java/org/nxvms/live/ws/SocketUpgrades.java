// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.eclipse.jetty.websocket.api.WebSocketPolicy;
import org.eclipse.jetty.websocket.server.WebSocketServerFactory;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the servlets of this context share: upgrades by Jetty, and addresses that name a camera. */
final class SocketUpgrades {
    private static final Logger LOG = LoggerFactory.getLogger(SocketUpgrades.class);
    /** A socket that took nothing, or said nothing and was sent nothing, for this long is dead. */
    private static final long IDLE_MS_MAX = 30_000;

    private volatile WebSocketServerFactory factory;

    /** @param textBytesMax of a message, as {@code binaryBytesMax}; longer ones end the socket */
    void start(ServletContext context, int textBytesMax, int binaryBytesMax) throws ServletException {
        WebSocketPolicy policy = WebSocketPolicy.newServerPolicy();
        policy.setMaxTextMessageSize(textBytesMax);
        policy.setMaxTextMessageBufferSize(textBytesMax);
        policy.setMaxBinaryMessageSize(binaryBytesMax);
        policy.setIdleTimeout(IDLE_MS_MAX);
        WebSocketServerFactory made = new WebSocketServerFactory(context, policy);
        try {
            made.start();
        } catch (Exception e) {
            throw new ServletException("WebSockets cannot be served", e);
        }
        factory = made;
    }

    void stop() {
        WebSocketServerFactory made = factory;
        factory = null;
        if (made != null) {
            try {
                made.stop();
            } catch (Exception e) {
                LOG.warn("Jetty's WebSocket support did not stop cleanly: {}", e.toString());
            }
        }
    }

    /**
     * {@return whether a request asks for an upgrade}; it is answered when it does not
     *
     * @param what for people: "Live pictures come"
     */
    boolean isUpgrade(HttpServletRequest request, HttpServletResponse response, String what) throws IOException {
        if (Absent.require(factory, "WebSockets").isUpgradeRequest(request, response)) {
            return true;
        }
        response.setHeader("Upgrade", "websocket");
        Problem problem = Problem.of(
                "upgrade-required", "WebSocket only", 426, what + " over a WebSocket: connect with ws:// or wss://.");
        ServletAccess.write(new KeptHeaders(response), problem);
        return false;
    }

    /** {@return whether the socket was taken over} */
    boolean accept(HttpServletRequest request, HttpServletResponse response, WebSocketListener socket)
            throws IOException {
        return Absent.require(factory, "WebSockets")
                .acceptWebSocket(
                        (upgradeRequest, upgradeResponse) -> {
                            // No compression: media does not get smaller, and each client would cost it again.
                            upgradeResponse.setExtensions(List.of());
                            return socket;
                        },
                        request,
                        response);
    }

    /**
     * {@return the camera that is named behind the servlet's path}
     *
     * @param where for people: {@code /ws/v1/live/{cameraId}}
     */
    static UUID camera(HttpServletRequest request, String where) {
        String path = request.getPathInfo();
        try {
            if (path != null && path.length() == 37) {
                return UUID.fromString(path.substring(1));
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(noCamera(where), e);
        }
        throw noCamera(where).exception();
    }

    private static Problem noCamera(String where) {
        return Problem.notFound("There is nothing here. Connect to " + where + ".");
    }

    /** Refuses parameters that are not known: a misspelt one would silently not help. */
    static void requireOnly(HttpServletRequest request, List<String> known) {
        request.getParameterMap().keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Problem.malformed(
                                    name,
                                    "\"" + name + "\" is not a query parameter here. Known is: "
                                            + String.join(", ", known) + ".")
                            .exception();
                });
    }

    /** An answer that keeps the headers set so far when a problem is written. */
    private static final class KeptHeaders extends HttpServletResponseWrapper {
        KeptHeaders(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void reset() {
            resetBuffer();
        }
    }
}
