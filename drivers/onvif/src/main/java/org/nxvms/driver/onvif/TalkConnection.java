// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.Credentials;
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
 * A conversation by RTSP that is written to more than read from. By one thread, which waits, can be interrupted and waits no
 * longer than the time limit; but for {@link #close}.
 */
final class TalkConnection {
    private static final int TRIES_MAX = 3;
    /** What is passed over at once: a camera that sends without end keeps nobody from talking. */
    private static final int AT_ONCE_MAX = 16;
    /** How long an interrupt may stay unseen. */
    private static final int LOOK_MS = 200;
    /** Half a second of G.711 at 8 kHz: what waits in it cannot be taken back. */
    private static final int SEND_BYTES = 4_000;

    private static final int BUFFER_BYTES = RtspFramer.ELEMENT_BYTES_MAX + (64 << 10);

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final int timeoutMs;
    private final Optional<RtspAuthenticator> login;
    private final RtspFramer framer = new RtspFramer();
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private int cseq;
    /** Whether what was told was refused, and is not if it is told again. */
    private boolean outdated;

    private volatile boolean closed;

    private TalkConnection(SocketChannel channel, Selector selector, Optional<Credentials> credentials, int timeoutMs)
            throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.timeoutMs = timeoutMs;
        this.login = credentials.map(one -> new RtspAuthenticator(one.username(), one.password(), one.digestOnly()));
    }

    static TalkConnection open(URI uri, Optional<Credentials> credentials, int timeoutMs) throws DriverException {
        RtspUri target = target(uri);
        if (target.secure()) {
            throw new DriverException(
                    Kind.UNSUPPORTED,
                    "The camera's streams are encrypted; talking through it then is not possible yet.");
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BYTES);
            channel.socket().connect(new InetSocketAddress(target.address(), target.port()), timeoutMs);
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            return new TalkConnection(channel, selector, credentials, timeoutMs);
        } catch (IOException | IllegalArgumentException away) {
            quietly(channel);
            throw new DriverException(
                    Kind.UNREACHABLE,
                    "The camera's streams cannot be reached at " + target.host() + ":" + target.port() + " ("
                            + DeviceHttp.words(String.valueOf(away.getMessage())) + ").",
                    away);
        }
    }

    private static RtspUri target(URI uri) throws DriverException {
        try {
            return RtspUri.parse(uri.toString()).uri();
        } catch (IllegalArgumentException none) {
            throw new DriverException(
                    Kind.PROTOCOL, "Where the camera says that its stream is: " + none.getMessage() + ".", none);
        }
    }

    /** Sends a request and waits for its answer, which must be a good one. */
    RtspResponse ask(String method, String uri, RtspHeaders headers) throws DriverException, InterruptedException {
        for (int i = 0; i < TRIES_MAX; i++) {
            tell(method, uri, headers);
            RtspResponse answer = answer(method);
            if (answer.status() == 401 && login.isPresent() && login.get().challenged(answer.headers())) {
                continue;
            }
            if (!answer.ok()) {
                throw refused(method, answer);
            }
            login.ifPresent(one -> one.accepted(answer.headers()));
            return answer;
        }
        throw new DriverException(Kind.AUTH, "The camera refuses every login to its back channel.");
    }

    private RtspResponse answer(String method) throws DriverException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            Optional<RtspResponse> message = next();
            if (message.filter(one -> one.headers().number("CSeq", -1) == cseq).isPresent()) {
                return message.get();
            }
            boolean more = message.isEmpty() ? isReady(SelectionKey.OP_READ, end) : System.nanoTime() - end < 0;
            if (!more) {
                throw new DriverException(
                        Kind.UNREACHABLE,
                        "The camera does not answer " + method + " of its back channel within " + timeoutMs + " ms.");
            }
        }
    }

    /** Sends a request whose answer is passed over. */
    void tell(String method, String uri, RtspHeaders headers) throws DriverException, InterruptedException {
        RtspHeaders all = RtspHeaders.of("CSeq", Integer.toString(++cseq));
        for (RtspHeaders.Line line : headers.lines()) {
            all = all.with(line.name(), line.value());
        }
        Optional<String> proof = login.flatMap(one -> one.authorization(method, uri));
        if (proof.isPresent()) {
            all = all.with("Authorization", proof.get());
        }
        write(ByteBuffer.wrap(new RtspRequest(method, uri, all).toBytes()));
    }

    /** Sends all that remains; what comes meanwhile is passed over, so that the camera can go on. */
    void write(ByteBuffer bytes) throws DriverException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            passOver();
            channel.write(bytes);
            while (bytes.hasRemaining()) {
                if (!isReady(SelectionKey.OP_READ | SelectionKey.OP_WRITE, end)) {
                    throw new DriverException(
                            Kind.UNREACHABLE, "The camera takes no more sound for " + timeoutMs + " ms.");
                }
                passOver();
                channel.write(bytes);
            }
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    /** Requests are asked one at a time: whatever comes before one is sent, nobody waits for. */
    private void passOver() throws DriverException {
        for (int i = 0; i < AT_ONCE_MAX; i++) {
            // The answer to what was told, if there is one.
            Optional<RtspResponse> answer = next();
            if (answer.isEmpty()) {
                return;
            }
            RtspHeaders headers = answer.get().headers();
            if (answer.get().status() == 401) {
                outdated |= login.filter(one -> one.challenged(headers)).isPresent();
            } else {
                login.ifPresent(one -> one.accepted(headers));
            }
        }
    }

    /** {@return whether a login has run out, since it was asked last}: what was told with it is to be told again. */
    boolean isOutdated() {
        boolean was = outdated;
        outdated = false;
        return was;
    }

    /** {@return the next answer among what has come; empty when there is none yet} Packets and requests are passed over. */
    private Optional<RtspResponse> next() throws DriverException {
        int reads = 0;
        try {
            while (true) {
                int kind = framer.next(in);
                if (kind == RtspFramer.MESSAGE && framer.message() instanceof RtspResponse answer) {
                    return Optional.of(answer);
                }
                if (kind == RtspFramer.NEED_MORE) {
                    if (++reads > AT_ONCE_MAX) {
                        return Optional.empty();
                    }
                    in.compact();
                    int count = channel.read(in);
                    in.flip();
                    if (count < 0) {
                        throw new IOException("it closed the connection");
                    }
                    if (count == 0) {
                        return Optional.empty();
                    }
                }
            }
        } catch (RtspException unclear) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "What the camera sends in its back channel is no RTSP: " + unclear.getMessage(),
                    unclear);
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    private boolean isReady(int operations, long endNano) throws DriverException, InterruptedException {
        try {
            key.interestOps(operations);
            while (System.nanoTime() - endNano < 0) {
                int ready = selector.select(LOOK_MS);
                if (Thread.interrupted()) {
                    throw new InterruptedException("the talk was ended");
                }
                selector.selectedKeys().clear();
                if (ready > 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException | ClosedSelectorException | CancelledKeyException gone) {
            throw broken(gone);
        }
    }

    private DriverException broken(Exception why) {
        return closed
                ? new DriverException(Kind.CLOSED, "The talk has been closed.", why)
                : new DriverException(
                        Kind.UNREACHABLE,
                        "The camera has ended the talk (" + DeviceHttp.words(String.valueOf(why.getMessage()))
                                + "); begin anew.",
                        why);
    }

    private static DriverException refused(String method, RtspResponse answer) {
        Kind kind =
                switch (answer.status()) {
                    case 401, 403 -> Kind.AUTH;
                    case 453, 503 -> Kind.BUSY;
                    case 404, 461, 501, 551 -> Kind.UNSUPPORTED;
                    default -> Kind.PROTOCOL;
                };
        return new DriverException(
                kind,
                kind == Kind.BUSY
                        ? "Somebody else talks through the camera."
                        : "The camera refuses " + method + " of its back channel (RTSP status " + answer.status()
                                + ").");
    }

    /** Says that it is over, as far as that can be said at once, and closes. Any thread. */
    void bye(String uri, RtspHeaders headers) {
        if (!closed) {
            closed = true;
            RtspHeaders all = RtspHeaders.of("CSeq", "999999");
            for (RtspHeaders.Line line : headers.lines()) {
                all = all.with(line.name(), line.value());
            }
            Optional<String> proof = login.flatMap(one -> one.authorization("TEARDOWN", uri));
            if (proof.isPresent()) {
                all = all.with("Authorization", proof.get());
            }
            try {
                channel.write(ByteBuffer.wrap(new RtspRequest("TEARDOWN", uri, all).toBytes()));
            } catch (IOException gone) {
                // The end of the connection says it, too.
            }
        }
        close();
    }

    void close() {
        closed = true;
        quietly(channel);
        try {
            selector.close();
        } catch (IOException gone) {
            // It is closed as far as we are concerned.
        }
    }

    private static void quietly(SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException gone) {
                // It is closed as far as we are concerned.
            }
        }
    }
}
