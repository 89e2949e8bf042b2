// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.IOException;
import java.io.InputStream;
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

    /**
     * {@return what takes the body of a request as it comes, however long it is; empty to read it whole first}
     *
     * @param head a request without its body
     */
    default Optional<Upload> upload(HttpRequest head) {
        return Optional.empty();
    }

    /** {@return the dialect's addresses of the camera's streams} */
    StreamNames streamNames();

    /** The device is put away: what the dialect does by itself ends. */
    default void close() {}

    /**
     * A body that is taken as it comes.
     *
     * @param refusal answered at once, with nothing taken
     */
    record Upload(Optional<HttpAnswer> refusal, Taker taker) {
        /** One that is not taken. */
        public static Upload refused(HttpAnswer answer) {
            return new Upload(Optional.of(answer), body -> answer);
        }
    }

    /** Takes a body to its end, or as long as it likes. */
    @FunctionalInterface
    interface Taker {
        HttpAnswer take(InputStream body) throws IOException, InterruptedException;
    }

    /** One WebSocket, on a thread of its own; the connection ends when it returns. */
    @FunctionalInterface
    interface Link {
        void hold(WebSocketLink socket) throws IOException, InterruptedException;
    }
}
