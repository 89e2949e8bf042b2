// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.simulator.rtsp.StreamNames;

/**
 * How one vendor, or one standard, speaks to a device over HTTP: the seam for those to come. An instance speaks for one
 * device. Called by many threads at a time; may block.
 */
public interface Dialect {
    /** {@return its name on the command line: {@code vapix}} */
    String id();

    /** {@return the realm of its logins} */
    String realm();

    /** {@return whether a request is answered without a login} */
    boolean isOpen(HttpRequest request);

    HttpAnswer answer(HttpRequest request) throws IOException;

    /** {@return what holds the WebSocket that a request asks for; empty to answer it like any other} */
    Optional<Link> link(HttpRequest request);

    /** {@return the dialect's addresses of the camera's streams} */
    StreamNames streamNames();

    /** One WebSocket, on a thread of its own; the connection ends when it returns. */
    @FunctionalInterface
    interface Link {
        void hold(WebSocketLink socket) throws IOException, InterruptedException;
    }
}
