// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.push;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A device posts something to who asked it to. One thread; {@link #end} is for any. */
public final class Delivery {
    /** Longer than a server may take to answer (10 s): that it was too late shall be the server's word. */
    private static final int TIMEOUT_MS = 15_000;
    /** A server that starts anew, or stands still for a moment, misses nothing. */
    private static final int TRIES_MAX = 3;

    private static final long PAUSE_MS = 1_000;
    private static final int TOO_MANY = 429;

    private final URI address;
    private final String type;
    private final Going going;
    private volatile HttpURLConnection open;
    private volatile boolean ended;

    /** Says whether the device still delivers. */
    @FunctionalInterface
    public interface Going {
        /** @throws IOException when it does not; says why */
        void check() throws IOException;
    }

    /** @param going asked before each try */
    public Delivery(URI address, String type, Going going) {
        this.address = address;
        this.type = type;
        this.going = going;
    }

    /** What the other side does not want, now or later. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(int status) {
            super("a delivery was refused with status " + status);
        }
    }

    /**
     * Posts a body; once more after a moment, a few times, if there is no answer or one that says "later" (5xx, 408, 429). As
     * many devices are, no certificate is looked at.
     *
     * @throws IOException when it is not taken, or the device delivers no more; says why
     * @throws InterruptedException after {@link #end}
     */
    public void post(byte[] body) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            if (ended) {
                throw new InterruptedException("it was ended");
            }
            going.check();
            try {
                once(body);
                return;
            } catch (Refused refused) {
                throw refused;
            } catch (IOException notTaken) {
                if (ended) {
                    throw new InterruptedException("it was ended");
                }
                if (tries == TRIES_MAX) {
                    throw new IOException(
                            "a delivery was not taken, tried " + tries + " times: " + notTaken.getMessage(), notTaken);
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    /** Nothing is posted any more; an answer that is waited for is waited for no longer. */
    public void end() {
        ended = true;
        HttpURLConnection now = open;
        if (now != null) {
            now.disconnect();
        }
    }

    private void once(byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(trusting().getSocketFactory());
            secure.setHostnameVerifier((host, session) -> true);
        }
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", type);
        connection.setRequestProperty("Connection", "close");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        open = connection;
        int status;
        try {
            status = answer(connection, body);
        } finally {
            open = null;
            connection.disconnect();
        }
        if (status / 100 == 5 || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == TOO_MANY) {
            throw new IOException("the answer was " + status);
        }
        if (status / 100 != 2) {
            throw new Refused(status);
        }
    }

    private int answer(HttpURLConnection connection, byte[] body) throws IOException {
        connection.connect();
        // Until here it cannot be broken off.
        if (ended) {
            throw new IOException("it was ended");
        }
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection.getResponseCode();
    }

    private static SSLContext trusting() throws IOException {
        TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {all}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }
}
