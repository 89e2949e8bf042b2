// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sockets that are encrypted, to the host that is meant, before they are handed out. The client library's own handshake has
 * no time limit: a server that takes connections and says nothing would hold its caller for good.
 */
final class TlsSockets extends SocketFactory {
    private final SSLContext tls;
    private final String host;
    private final int timeoutMs;

    TlsSockets(SSLContext tls, String host, int timeoutMs) {
        this.tls = tls;
        this.host = host;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address, port), timeoutMs);
            plain.setSoTimeout(timeoutMs);
            SSLSocket encrypted = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("LDAPS");
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return encrypted;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        return createSocket(InetAddress.getByName(name), port);
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket(name, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort) throws IOException {
        return createSocket(address, port);
    }
}
