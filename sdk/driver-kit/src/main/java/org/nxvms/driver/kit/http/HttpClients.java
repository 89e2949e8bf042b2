// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.Socket;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.nxvms.driver.spi.DriverException;

/**
 * The HTTP clients of all sessions of one driver: one that checks certificates, one that does not. Whatever the number of
 * devices they have four worker threads, and one that watches the time of exchanges for which nobody waits; these end at
 * {@link #close}, the JDK's selector threads, one a client, when the clients are collected.
 */
public final class HttpClients implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int WORKERS = 4;

    private final String threads;
    private Workers workers;
    private HttpClient checking;
    private HttpClient unchecking;
    private boolean closed;

    /** @param threads what its threads are called, e.g. {@code acme-http} */
    public HttpClients(String threads) {
        this.threads = threads;
    }

    /**
     * {@return the client}
     *
     * @param verify whether the JVM must trust the certificate of an https device, for its host's name
     * @throws DriverException kind CLOSED after {@link #close}
     */
    public synchronized HttpClient get(boolean verify) throws DriverException {
        if (closed) {
            throw new DriverException(DriverException.Kind.CLOSED, "The driver has been stopped.");
        }
        if (workers == null) {
            workers = new Workers(threads, WORKERS);
        }
        if (verify) {
            checking = checking == null ? builder().build() : checking;
            return checking;
        }
        unchecking = unchecking == null ? builder().sslContext(anyCertificate()).build() : unchecking;
        return unchecking;
    }

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .executor(workers);
    }

    private static SSLContext anyCertificate() throws DriverException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException noTls) {
            throw new DriverException(DriverException.Kind.UNSUPPORTED, "This Java has no TLS.", noTls);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        checking = null;
        unchecking = null;
        if (workers != null) {
            workers.shutdownNow();
        }
    }

    /** For cameras with a certificate of their own, where the administrator has said so; the host's name is not looked at. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
