// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.itests.harness.Ports;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/** The video of one address of the RTSP server, played until the server hangs up. Packets are counted, not decoded. */
final class RtspView implements Closeable {
    private static final int PATIENCE_MS = 60_000;
    /** More than one picture in an interleaved frame has; see {@link RtspFramer}. */
    private static final int BUFFER_BYTES = 1 << 20;

    private final Socket socket;
    private final RtspAuthenticator login;
    private final RtspFramer framer = new RtspFramer();
    private final Optional<DatagramSocket> datagrams;
    private ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private String session = "";
    private int cseq;
    private volatile long packets;
    private volatile long lastPacketNs;

    private RtspView(Socket socket, RtspAuthenticator login, Optional<DatagramSocket> datagrams) throws IOException {
        this.socket = socket;
        this.login = login;
        this.datagrams = datagrams;
        socket.setSoTimeout(PATIENCE_MS);
    }

    /**
     * Begins to play.
     *
     * @param udp whether packets come as datagrams; else within the connection
     */
    static RtspView play(int port, String path, String keyId, String key, boolean udp) throws IOException {
        Optional<DatagramSocket> socket =
                udp ? Optional.of(new DatagramSocket(evenPort(), InetAddress.getLoopbackAddress())) : Optional.empty();
        RtspView view = new RtspView(new Socket("127.0.0.1", port), new RtspAuthenticator(keyId, key), socket);
        String described = "rtsp://127.0.0.1:" + port + path;
        String uri = described.replaceFirst("\\?.*", "");
        String transport = socket.map(
                        own -> "RTP/AVP;unicast;client_port=" + own.getLocalPort() + "-" + (own.getLocalPort() + 1))
                .orElse("RTP/AVP/TCP;unicast;interleaved=0-1");
        view.expect(200, "DESCRIBE", described);
        view.expect(200, "SETUP", uri + "/track0", "Transport", transport);
        view.expect(200, "PLAY", uri);
        return view;
    }

    /** RTP has an even port, RTCP the one behind it (RFC 3550 11). */
    private static int evenPort() {
        int port = Ports.free();
        while (port % 2 != 0) {
            port = Ports.free();
        }
        return port;
    }

    private void expect(int status, String method, String uri, String... headers) throws IOException {
        RtspResponse answer = ask(method, uri, headers);
        if (answer.status() == 401 && login.challenged(answer.headers())) {
            answer = ask(method, uri, headers);
        }
        assertThat(answer.status()).as(method + " " + uri).isEqualTo(status);
        login.accepted();
        answer.headers().first("Session").ifPresent(id -> session = id.split(";")[0]);
    }

    private RtspResponse ask(String method, String uri, String... headers) throws IOException {
        RtspHeaders all = RtspHeaders.of("CSeq", String.valueOf(++cseq));
        if (!session.isEmpty()) {
            all = all.with("Session", session);
        }
        for (int i = 0; i < headers.length; i += 2) {
            all = all.with(headers[i], headers[i + 1]);
        }
        Optional<String> authorization = login.authorization(method, uri);
        if (authorization.isPresent()) {
            all = all.with("Authorization", authorization.get());
        }
        socket.getOutputStream().write(new RtspRequest(method, uri, all).toBytes());
        while (next() != RtspFramer.MESSAGE || !(framer.message() instanceof RtspResponse)) {
            // Packets may come before the answer.
        }
        return (RtspResponse) framer.message();
    }

    private int next() throws IOException {
        try {
            int kind = framer.next(received);
            while (kind == RtspFramer.NEED_MORE) {
                received.compact();
                int read = socket.getInputStream().read(received.array(), received.position(), received.remaining());
                if (read < 0) {
                    throw new EOFException("the server has hung up");
                }
                received.position(received.position() + read).flip();
                kind = framer.next(received);
            }
            if (kind == RtspFramer.FRAME && framer.channel() == 0) {
                counted();
            }
            return kind;
        } catch (RtspException e) {
            throw new IOException(e);
        }
    }

    private void counted() {
        lastPacketNs = System.nanoTime();
        packets++;
    }

    /** {@return how many packets of video have come} */
    long packets() {
        return packets;
    }

    /** Takes what comes until nothing more can. {@return when the last of it came, or the server hung up} */
    long playOut() throws IOException {
        Thread taking = new Thread(this::takeDatagrams, "rtsp-view-datagrams");
        taking.setDaemon(true);
        datagrams.ifPresent(any -> taking.start());
        try {
            while (true) {
                next();
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException hungUp) {
            // Some ends are a reset.
            return System.nanoTime();
        }
    }

    private void takeDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        try {
            while (true) {
                datagrams.orElseThrow().receive(packet);
                counted();
            }
        } catch (IOException closed) {
            // Nobody looks any more.
        }
    }

    /** {@return when the last packet of video came} */
    long lastPacketNs() {
        return lastPacketNs;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        datagrams.ifPresent(DatagramSocket::close);
    }
}
