// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/** A player: asks, answers challenges, takes what comes between the answers. */
final class TestClient implements Closeable {
    /** What came interleaved. */
    record Frame(int channel, byte[] bytes) {
        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes);
        }
    }

    private static final int PATIENCE_MS = 60_000;

    private final Socket socket;
    private final Optional<RtspAuthenticator> login;
    private final RtspFramer framer = new RtspFramer();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private ByteBuffer received = ByteBuffer.allocate(1 << 20).limit(0);
    private int cseq;
    private String session = "";

    TestClient(Socket socket, Optional<RtspAuthenticator> login) throws IOException {
        this.socket = socket;
        this.login = login;
        socket.setSoTimeout(PATIENCE_MS);
    }

    static TestClient of(int port, String key) throws IOException {
        return new TestClient(new Socket("127.0.0.1", port), Optional.of(new RtspAuthenticator(People.KEY_ID, key)));
    }

    Socket socket() {
        return socket;
    }

    /** Sends a request, once more with a login when that is asked for. */
    RtspResponse ask(String method, String uri, String... headers) throws IOException {
        RtspResponse answer = send(method, uri, headers);
        if (answer.status() == 401 && login.isPresent() && login.get().challenged(answer.headers())) {
            answer = send(method, uri, headers);
        }
        if (answer.ok()) {
            login.ifPresent(RtspAuthenticator::accepted);
        }
        answer.headers().first("Session").ifPresent(id -> session = id.split(";")[0]);
        return answer;
    }

    RtspResponse send(String method, String uri, String... headers) throws IOException {
        RtspHeaders all = RtspHeaders.of("CSeq", String.valueOf(++cseq));
        if (!session.isEmpty()) {
            all = all.with("Session", session);
        }
        for (int i = 0; i < headers.length; i += 2) {
            all = all.with(headers[i], headers[i + 1]);
        }
        Optional<String> authorization = login.flatMap(known -> known.authorization(method, uri));
        if (authorization.isPresent()) {
            all = all.with("Authorization", authorization.get());
        }
        socket.getOutputStream().write(new RtspRequest(method, uri, all).toBytes());
        while (true) {
            if (next() == RtspFramer.MESSAGE && framer.message() instanceof RtspResponse response) {
                if (response.cseq() != cseq) {
                    throw new IOException("an answer to " + response.cseq() + " instead of " + cseq);
                }
                return response;
            }
        }
    }

    /** {@return the next frame} */
    Frame frame() throws IOException {
        while (frames.isEmpty()) {
            next();
        }
        return frames.poll();
    }

    /** Passes over the frames that came before the last answer. */
    void forget() {
        frames.clear();
    }

    /**
     * Takes what comes until the server hangs up.
     *
     * @throws SocketTimeoutException when it does not
     */
    void takeAll() throws SocketTimeoutException {
        try {
            while (true) {
                frame();
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // That is what was waited for; some ends are a reset.
        }
    }

    /** {@return the next frame of a channel; others are passed over} */
    Frame frame(int channel) throws IOException {
        while (true) {
            Frame frame = frame();
            if (frame.channel() == channel) {
                return frame;
            }
        }
    }

    private int next() throws IOException {
        try {
            while (true) {
                int kind = framer.next(received);
                if (kind == RtspFramer.FRAME) {
                    int at = framer.payloadOffset();
                    frames.add(new Frame(
                            framer.channel(), Arrays.copyOfRange(received.array(), at, at + framer.payloadLength())));
                }
                if (kind != RtspFramer.NEED_MORE) {
                    return kind;
                }
                received.compact();
                int read = socket.getInputStream().read(received.array(), received.position(), received.remaining());
                if (read < 0) {
                    throw new EOFException("the server has hung up");
                }
                received.position(received.position() + read).flip();
            }
        } catch (RtspException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
