// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * A conversation by RTSP in which packets come between the answers (RFC 2326 10.12). By one thread, which waits; but for
 * {@link #close}.
 */
final class ReplayConnection {
    private static final int BUFFER_BYTES = RtspFramer.ELEMENT_BYTES_MAX + (64 << 10);
    /** How long an interrupt may stay unseen. */
    private static final int LOOK_MS = 200;
    /** A login that was asked for, and one with a nonce that is not stale. */
    private static final int TRIES_MAX = 3;
    /** An element that takes as many waits for its bytes is sent by somebody who only holds us up. */
    private static final int WAITS_MAX = 3;

    /** Takes an interleaved frame: the bytes lie in {@link #buffer} until the next call. */
    @FunctionalInterface
    interface Frames {
        void take(int channel, int offset, int length) throws DriverException;
    }

    private final Socket socket;
    private final int timeoutMs;
    private final Optional<RtspAuthenticator> login;
    private final RtspFramer framer = new RtspFramer();
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private RtspHeaders always = RtspHeaders.EMPTY;
    private int cseq;
    private volatile boolean closed;

    private ReplayConnection(Socket socket, ReplayWay way) {
        this.socket = socket;
        this.timeoutMs = way.timeoutMs();
        this.login =
                way.credentials().map(one -> new RtspAuthenticator(one.username(), one.password(), one.digestOnly()));
    }

    static ReplayConnection open(ReplayWay way, URI uri) throws DriverException {
        RtspUri target = target(uri);
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(target.address(), target.port()), way.timeoutMs());
            Socket used = target.secure() ? secured(way, target, socket) : socket;
            used.setTcpNoDelay(true);
            // A record of TLS that is broken off by a time-out is not read on.
            used.setSoTimeout(target.secure() ? way.timeoutMs() : LOOK_MS);
            return new ReplayConnection(used, way);
        } catch (IOException e) {
            quietly(socket);
            throw new DriverException(
                    Kind.UNREACHABLE,
                    "The camera's recordings cannot be reached at " + target.host() + ":" + target.port() + " ("
                            + DeviceHttp.words(String.valueOf(e.getMessage())) + ").",
                    e);
        }
    }

    private static RtspUri target(URI uri) throws DriverException {
        try {
            return RtspUri.parse(uri.toString()).uri();
        } catch (IllegalArgumentException e) {
            throw new DriverException(
                    Kind.PROTOCOL, "Where the camera says that its recording is played: " + e.getMessage() + ".", e);
        }
    }

    private static Socket secured(ReplayWay way, RtspUri target, Socket plain) throws IOException {
        SSLSocket socket =
                (SSLSocket) way.tls().getSocketFactory().createSocket(plain, target.address(), target.port(), true);
        if (way.verify()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout(way.timeoutMs());
        socket.startHandshake();
        return socket;
    }

    /** These lines go with every request from now on. */
    void always(RtspHeaders headers) {
        always = headers;
    }

    /** {@return the number of the newest request} */
    int cseq() {
        return cseq;
    }

    ByteBuffer buffer() {
        return in;
    }

    /** Sends a request and waits for its answer, which must be a good one; frames that come before it go their way. */
    RtspResponse ask(String method, String uri, RtspHeaders headers, Frames frames)
            throws DriverException, InterruptedException {
        for (int i = 0; i < TRIES_MAX; i++) {
            send(method, uri, headers);
            RtspResponse answer = awaitAnswer(method, frames);
            if (challenges(answer)) {
                continue;
            }
            if (!answer.ok()) {
                throw refused(method, answer);
            }
            login.ifPresent(one -> one.accepted(answer.headers()));
            return answer;
        }
        throw new DriverException(Kind.AUTH, "The camera refuses every login to its recordings.");
    }

    /** {@return whether this asks for a login, and the request may be made again with one} */
    boolean challenges(RtspResponse answer) {
        return answer.status() == 401 && login.isPresent() && login.get().challenged(answer.headers());
    }

    private RtspResponse awaitAnswer(String method, Frames frames) throws DriverException, InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
            Optional<RtspResponse> message = next(frames, timeoutMs);
            boolean ours = message.filter(answer -> answer.headers().number("CSeq", -1) == cseq)
                    .isPresent();
            if (ours) {
                return message.get();
            }
        }
        throw new DriverException(
                Kind.UNREACHABLE, "The camera does not answer " + method + " for its recordings in time.");
    }

    /** Sends a request and does not wait. */
    void send(String method, String uri, RtspHeaders headers) throws DriverException {
        RtspHeaders all = RtspHeaders.of("CSeq", Integer.toString(++cseq));
        for (RtspHeaders part : new RtspHeaders[] {always, headers}) {
            for (RtspHeaders.Line line : part.lines()) {
                all = all.with(line.name(), line.value());
            }
        }
        Optional<String> proof = login.flatMap(one -> one.authorization(method, uri));
        if (proof.isPresent()) {
            all = all.with("Authorization", proof.get());
        }
        try {
            socket.getOutputStream().write(new RtspRequest(method, uri, all).toBytes());
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Takes one element of what comes; {@return a message if it is an answer}
     *
     * @param waitMs for its bytes
     */
    Optional<RtspResponse> next(Frames frames, int waitMs) throws DriverException, InterruptedException {
        try {
            long begun = System.nanoTime();
            int kind = framer.next(in);
            while (kind == RtspFramer.NEED_MORE) {
                if (System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos((long) WAITS_MAX * waitMs)) {
                    throw new Silence();
                }
                read(waitMs);
                kind = framer.next(in);
            }
            if (kind == RtspFramer.FRAME) {
                frames.take(framer.channel(), framer.payloadOffset(), framer.payloadLength());
                return Optional.empty();
            }
            return framer.message() instanceof RtspResponse answer ? Optional.of(answer) : Optional.empty();
        } catch (RtspException e) {
            throw new DriverException(
                    Kind.PROTOCOL, "What the camera sends of its recording is no RTSP: " + e.getMessage(), e);
        }
    }

    private void read(int waitMs) throws DriverException, InterruptedException {
        long begun = System.nanoTime();
        in.compact();
        try {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                try {
                    int count = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                    if (count < 0) {
                        throw new IOException("it closed the connection");
                    }
                    in.position(in.position() + count);
                    return;
                } catch (SocketTimeoutException quiet) {
                    if (System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(waitMs)) {
                        throw new Silence();
                    }
                }
            }
        } catch (IOException e) {
            throw broken(e);
        } finally {
            in.flip();
        }
    }

    /** Nothing has come for a while. */
    static final class Silence extends DriverException {
        private static final long serialVersionUID = 1L;

        Silence() {
            super(Kind.UNREACHABLE, "The camera does not send on; the download of its recording broke off.");
        }
    }

    private DriverException broken(IOException e) {
        return closed
                ? new DriverException(Kind.CLOSED, "The download has been closed.", e)
                : new DriverException(
                        Kind.UNREACHABLE,
                        "The download of the camera's recording broke off ("
                                + DeviceHttp.words(String.valueOf(e.getMessage())) + ").",
                        e);
    }

    private static DriverException refused(String method, RtspResponse answer) {
        Kind kind =
                switch (answer.status()) {
                    case 401, 403 -> Kind.AUTH;
                    case 404, 416, 457 -> Kind.NOT_FOUND;
                    case 453, 503 -> Kind.BUSY;
                    case 461, 501, 551 -> Kind.UNSUPPORTED;
                    default -> Kind.PROTOCOL;
                };
        String why = kind == Kind.NOT_FOUND
                ? "The camera has nothing of the recording in this range of time"
                : "The camera refuses " + method + " of its recording";
        return new DriverException(kind, why + " (RTSP status " + answer.status() + ").");
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        quietly(socket);
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed as far as we are concerned.
        }
    }
}
