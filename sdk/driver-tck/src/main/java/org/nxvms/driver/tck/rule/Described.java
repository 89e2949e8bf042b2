// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;

/** Whether an RTSP stream is where it is said to be: its server describes it, with a picture (RFC 2326 10.2). */
final class Described {
    private static final int TIMEOUT_MS = 5_000;
    private static final int RTSP_PORT = 554;
    private static final int LINES_MAX = 100;
    private static final int TRIES = 2;

    private Described() {}

    static void require(StreamEndpoint endpoint, Optional<Credentials> login) {
        URI uri = endpoint.uri();
        Optional<RtspAuthenticator> answers = endpoint.credentials()
                .or(() -> login)
                .map(with -> new RtspAuthenticator(with.username(), with.password(), with.digestOnly()));
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? RTSP_PORT : uri.getPort()), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (int tries = 1; ; tries++) {
                String authorization = answers.flatMap(known -> known.authorization("DESCRIBE", uri.toString()))
                        .map(value -> "Authorization: " + value + "\r\n")
                        .orElse("");
                socket.getOutputStream()
                        .write(("DESCRIBE " + uri + " RTSP/1.0\r\nCSeq: " + tries + "\r\nAccept: application/sdp\r\n"
                                        + authorization + "\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                String status = String.valueOf(in.readLine());
                RtspHeaders headers = headers(in);
                if (status.contains(" 401") && tries < TRIES && answers.isPresent()) {
                    answers.get().challenged(headers);
                    continue;
                }
                if (!status.contains(" 200")) {
                    throw new Broken("Asked for the main stream " + uri + ", its server answers '" + status + "'.");
                }
                requirePicture(uri, in, headers);
                return;
            }
        } catch (IOException unreachable) {
            throw new Broken("The main stream " + uri + " cannot be fetched: " + unreachable.getMessage(), unreachable);
        }
    }

    private static RtspHeaders headers(BufferedReader in) throws IOException {
        RtspHeaders headers = RtspHeaders.EMPTY;
        for (int lines = 0; lines < LINES_MAX; lines++) {
            String line = in.readLine();
            if (line == null || line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers = headers.with(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static void requirePicture(URI uri, BufferedReader in, RtspHeaders headers) throws IOException {
        int left = headers.number("Content-Length", 0);
        while (left > 0) {
            String line = in.readLine();
            if (line == null) {
                break;
            }
            if (line.startsWith("m=video")) {
                return;
            }
            left -= line.length() + 2;
        }
        throw new Broken("The main stream " + uri + " has no picture.");
    }
}
