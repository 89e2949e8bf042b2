// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS with the server's own certificate, that of HTTPS: {@code keys/https.p12}, read anew when it has changed (ADR 57). Any
 * thread.
 */
final class TlsKeys implements Connection.Tls {
    private static final String[] NOW = {"TLSv1.3"};
    private static final String[] AND_BEFORE = {"TLSv1.3", "TLSv1.2"};

    private final Path store;
    private final Path passwordFile;
    private volatile String[] protocols = NOW;
    private FileTime read;
    private SSLContext context;

    TlsKeys(Path keys) {
        store = keys.resolve("https.p12");
        passwordFile = keys.resolve("https-password");
    }

    /** @param tls12 whether clients that know nothing newer may come; for those who come from now on */
    void allow(boolean tls12) {
        protocols = tls12 ? AND_BEFORE : NOW;
    }

    @Override
    public Socket over(Socket plain, InputStream consumed) throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(plain, consumed, true);
        socket.setEnabledProtocols(protocols);
        socket.startHandshake();
        return socket;
    }

    private synchronized SSLContext context() throws IOException, GeneralSecurityException {
        FileTime now = Files.getLastModifiedTime(store);
        if (context == null || !now.equals(read)) {
            char[] password = Files.readString(passwordFile, StandardCharsets.US_ASCII)
                    .strip()
                    .toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password);
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            Arrays.fill(password, '\0');
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(managers.getKeyManagers(), null, null);
            context = made;
            read = now;
        }
        return context;
    }
}
