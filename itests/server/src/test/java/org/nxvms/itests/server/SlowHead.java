// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A request, or a handshake of TLS, whose beginning comes by five bytes a second and has no end. */
final class SlowHead implements AutoCloseable {
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final WebClient client;

    SlowHead(WebClient client, String beginning) throws IOException {
        this.client = client;
        client.send(beginning);
        sender.scheduleAtFixedRate(this::oneMore, 0, 200, TimeUnit.MILLISECONDS);
    }

    private void oneMore() {
        try {
            client.send("x");
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Waits until the server closes; {@return what it said before} */
    String end() {
        try {
            return client.answer();
        } catch (SocketTimeoutException e) {
            return "still open";
        } catch (IOException reset) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        sender.shutdownNow();
        client.close();
    }
}
