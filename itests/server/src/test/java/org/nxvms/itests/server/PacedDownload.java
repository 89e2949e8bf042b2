// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.Api;

/**
 * A file of the server, taken at a pace: what has left the server for the system cannot be called back, and on one machine
 * that is up to four mebibytes (tcp(7), tcp_wmem).
 */
final class PacedDownload implements Closeable {
    /** What a file must have so that one can see that it was cut. */
    static final long BYTES_MIN = 12_000_000;

    private static final int BYTES_PER_READ = 10_000;
    /** Half a megabyte a second at most, since nothing is made up for: it takes 24 s, also of a database that is slow. */
    private static final long READ_EVERY_NS = 20_000_000;

    private final Socket socket = new Socket();
    private final long length;

    PacedDownload(Api api, String path, String token) throws IOException {
        URI base = URI.create(api.base());
        // A small window, so that little is on the way.
        socket.setReceiveBufferSize(16_384);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer "
                                + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        String head = head(socket.getInputStream());
        assertThat(head).as(path).startsWith("HTTP/1.1 200");
        Matcher said = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n").matcher(head);
        assertThat(said.find()).as(head).isTrue();
        length = Long.parseLong(said.group(1));
        assertThat(length).as(path).isGreaterThanOrEqualTo(BYTES_MIN);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the head was cut: " + head);
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Takes what comes; {@return how much of the file was missing at the end} */
    long takeAll() {
        byte[] bytes = new byte[BYTES_PER_READ];
        long left = length;
        try {
            InputStream in = socket.getInputStream();
            while (left > 0) {
                int read = in.read(bytes, 0, (int) Math.min(bytes.length, left));
                if (read < 0) {
                    return left;
                }
                left -= read;
                LockSupport.parkNanos(READ_EVERY_NS);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing comes and nothing ends", e);
        } catch (IOException cut) {
            // By a reset.
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
