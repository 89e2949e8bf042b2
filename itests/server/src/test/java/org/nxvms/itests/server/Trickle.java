// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A sign-in whose body comes by five bytes a second and would take half an hour. */
final class Trickle implements AutoCloseable {
    private static final int ANSWER_MS_MAX = 60_000;
    private static final int STATUS_BYTES = "HTTP/1.1 408".length();

    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final Socket caller;

    Trickle(int httpPort) throws IOException {
        caller = new Socket("127.0.0.1", httpPort);
        caller.setSoTimeout(ANSWER_MS_MAX);
        OutputStream out = caller.getOutputStream();
        out.write(("POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 10000\r\n\r\n{")
                .getBytes(StandardCharsets.US_ASCII));
        sender.scheduleAtFixedRate(() -> oneMore(out), 0, 200, TimeUnit.MILLISECONDS);
    }

    private static void oneMore(OutputStream out) {
        try {
            out.write(' ');
        } catch (IOException closed) {
            // No more then.
            throw new UncheckedIOException(closed);
        }
    }

    /** Waits for the answer; {@return its first line up to the status} */
    String status() throws IOException {
        return new String(caller.getInputStream().readNBytes(STATUS_BYTES), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        sender.shutdownNow();
        caller.close();
    }
}
