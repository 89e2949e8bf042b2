// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.kit.rtsp.HttpTunnel;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspUri;

/** Opens the wire a target asks for: plain or TLS, by itself or in an HTTP tunnel. Loop thread only. */
final class Wires {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final IoLoop loop;
    private final OffLoop offLoop;

    Wires(IoLoop loop, OffLoop offLoop) {
        this.loop = loop;
        this.offLoop = offLoop;
    }

    /** @param owner called whenever the wire may go on */
    Wire open(Target target, boolean tunnelled, IoLoop.Socket owner) throws IOException {
        if (!tunnelled) {
            return open(target, target.address(), owner);
        }
        RtspUri uri = target.uri();
        InetSocketAddress address = new InetSocketAddress(target.address().getAddress(), tunnelPort(target));
        HttpTunnel tunnel = new HttpTunnel(
                uri.host() + ":" + address.getPort(),
                uri.path(),
                UUID.randomUUID().toString().replace("-", "").substring(0, 22));
        // The tunnel logs in by itself: its challenges are those of an HTTP server.
        Optional<RtspAuthenticator> login = target.login().map(Login::authenticator);
        return new TunnelWire(() -> open(target, address, owner), tunnel, target.peer(), login);
    }

    /** Goes on with what another engine left. */
    Wire goOn(Wire.Released left, IoLoop.Socket owner) throws IOException {
        return new PlainWire(loop, left, owner);
    }

    private Wire open(Target target, InetSocketAddress address, IoLoop.Socket owner) throws IOException {
        Wire plain = new PlainWire(loop, address, owner);
        if (!target.uri().secure()) {
            return plain;
        }
        return new TlsWire(
                plain,
                () -> target.options().tls().engine(target.uri().address(), address.getPort()),
                (task, then) -> offLoop.handshake(task, loop, then),
                owner::ready);
    }

    /** Cameras tunnel on their web server's port, unless the URL names one of its own. */
    static int tunnelPort(Target target) {
        RtspUri uri = target.uri();
        boolean usual = uri.port() == (uri.secure() ? RtspUri.DEFAULT_SECURE_PORT : RtspUri.DEFAULT_PORT);
        int byScheme = uri.secure() ? HTTPS_PORT : HTTP_PORT;
        return target.options().tunnelPort().orElse(usual ? byScheme : uri.port());
    }
}
