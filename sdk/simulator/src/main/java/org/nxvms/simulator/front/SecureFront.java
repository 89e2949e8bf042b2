// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.front;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.nxvms.simulator.rtsp.Camera;

/** RTSP over TLS for one camera, with a certificate that nobody trusts, as cameras have them. */
public final class SecureFront extends Front {
    private final Camera camera;

    private SecureFront(Camera camera, SSLContext context) throws IOException {
        super(
                context.getServerSocketFactory()
                        .createServerSocket(0, 50, camera.address().getAddress()),
                camera.address());
        this.camera = camera;
    }

    /** Opens it on a free port. */
    public static SecureFront open(Camera camera, SelfSigned certificate) throws IOException {
        try {
            SecureFront front = new SecureFront(camera, certificate.context());
            front.start();
            return front;
        } catch (GeneralSecurityException noTls) {
            throw new IOException("no TLS for camera " + camera.number(), noTls);
        }
    }

    public String uri(Camera.Role role) {
        InetAddress host = camera.address().getAddress();
        String path = camera.uri(role).replaceFirst("rtsp://[^/]+", "");
        return "rtsps://" + host.getHostAddress() + ":" + port() + path;
    }

    @Override
    void serve(Socket client) throws IOException {
        Socket inside = camera();
        thread("down", () -> pump(inside, client));
        pump(client, inside);
    }
}
