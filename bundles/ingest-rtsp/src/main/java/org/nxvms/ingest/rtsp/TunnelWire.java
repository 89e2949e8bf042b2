// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.HttpTunnel;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspException;

/** RTSP in HTTP: a GET whose answer does not end for the way down, a POST that does not end for the way up. */
final class TunnelWire implements Wire {
    private enum Stage {
        GET_CONNECT,
        GET_ANSWER,
        POST_CONNECT,
        OPEN
    }

    /** Opens one of the two connections. */
    interface Opener {
        Wire open() throws IOException;
    }

    private static final int OUT_BYTES_MAX = 64 << 10;
    private static final int SCRATCH_BYTES = 1024;

    private final Opener opener;
    private final HttpTunnel tunnel;
    private final String peer;
    private final Optional<RtspAuthenticator> login;
    /** The head of the answer, then what came with it, in write mode until the answer is whole. */
    private final ByteBuffer head = ByteBuffer.allocate(HttpTunnel.HEAD_BYTES_MAX);
    /** What is to be sent, in write mode. */
    private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES_MAX);
    /** What servers say on the way up is of no interest. */
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES);

    private Wire get;
    private Wire post;
    private Stage stage = Stage.GET_CONNECT;

    TunnelWire(Opener opener, HttpTunnel tunnel, String peer, Optional<RtspAuthenticator> login) throws IOException {
        this.opener = opener;
        this.tunnel = tunnel;
        this.peer = peer;
        this.login = login;
        this.get = opener.open();
    }

    @Override
    public boolean advance() throws IOException {
        if (stage == Stage.GET_CONNECT && get.advance()) {
            out.clear();
            out.put(tunnel.get(login.flatMap(known -> known.authorization("GET", tunnel.path()))));
            stage = Stage.GET_ANSWER;
        }
        if (stage == Stage.GET_ANSWER) {
            flush(get);
            answer();
        }
        if (stage == Stage.POST_CONNECT && post.advance()) {
            out.clear();
            out.put(tunnel.post(login.flatMap(known -> known.authorization("POST", tunnel.path()))));
            stage = Stage.OPEN;
            flush(post);
        }
        return stage == Stage.OPEN;
    }

    private void answer() throws IOException {
        int count = get.read(head);
        head.flip();
        Optional<HttpTunnel.Head> found;
        try {
            found = HttpTunnel.head(head);
        } catch (RtspException notHttp) {
            throw new FailureException(Failure.protocol(peer + " offers no RTSP over HTTP: " + notHttp.getMessage()));
        }
        if (found.isEmpty()) {
            head.compact();
            if (count < 0) {
                throw new FailureException(Failure.protocol(peer + " closes the HTTP tunnel at once"));
            }
            return;
        }
        int status = found.get().status();
        if (status == 200) {
            login.ifPresent(known -> known.accepted(found.get().headers()));
            post = opener.open();
            stage = Stage.POST_CONNECT;
        } else if (status == 401
                && login.isPresent()
                && login.get().challenged(found.get().headers())) {
            get.close();
            head.clear();
            get = opener.open();
            stage = Stage.GET_CONNECT;
        } else if (status == 401 && login.isPresent()) {
            throw new FailureException(
                    Failure.wrongLogin(peer + " refuses the HTTP tunnel: wrong user name or password"));
        } else if (status == 401 || status == 403) {
            throw new FailureException(Failure.auth(peer + " refuses the HTTP tunnel: "
                    + (login.isEmpty() ? "no user name or password" : "the user may lack the right to view")));
        } else {
            throw new FailureException(Failure.protocol(
                    peer + " offers no RTSP over HTTP: it answers " + status + "; check the port and the path"));
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (head.hasRemaining()) {
            int before = into.position();
            while (head.hasRemaining() && into.hasRemaining()) {
                into.put(head.get());
            }
            return into.position() - before;
        }
        scratch.clear();
        if (post.read(scratch) < 0) {
            return -1;
        }
        return get.read(into);
    }

    @Override
    public boolean mayHoldMore(int roomLeft) {
        return head.hasRemaining() || get.mayHoldMore(roomLeft);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        if (from.hasRemaining() && out.remaining() >= (from.remaining() + 2) / 3 * 4) {
            byte[] requests = new byte[from.remaining()];
            from.get(requests);
            out.put(HttpTunnel.encode(requests));
        }
        flush(post);
    }

    private void flush(Wire wire) throws IOException {
        out.flip();
        if (out.hasRemaining() || wire.pending()) {
            wire.write(out);
        }
        out.compact();
    }

    @Override
    public boolean pending() {
        return stage == Stage.OPEN && (out.position() > 0 || post.pending());
    }

    @Override
    public int roomBytes() throws IOException {
        return get.roomBytes();
    }

    @Override
    public void await(boolean wanted) throws IOException {
        get.await(wanted);
    }

    @Override
    public InetAddress localAddress() throws IOException {
        return get.localAddress();
    }

    @Override
    public void close() {
        get.close();
        if (post != null) {
            post.close();
        }
    }
}
