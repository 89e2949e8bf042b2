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

/** A device posts something to who asked it to. */
public final class Delivery {
    /** Longer than a server may take to answer (10 s): that it was too late shall be the server's word. */
    private static final int TIMEOUT_MS = 15_000;
    /** A server that starts anew, or stands still for a moment, misses nothing. */
    private static final int TRIES_MAX = 3;

    private static final long PAUSE_MS = 1_000;
    private static final int TOO_MANY = 429;

    private Delivery() {}

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
     * @throws IOException when it is not taken; says why
     */
    public static void post(URI address, String type, byte[] body) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                once(address, type, body);
                return;
            } catch (Refused refused) {
                throw refused;
            } catch (IOException notTaken) {
                if (tries == TRIES_MAX) {
                    throw new IOException(
                            "a delivery was not taken, tried " + tries + " times: " + notTaken.getMessage(), notTaken);
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private static void once(URI address, String type, byte[] body) throws IOException {
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
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        if (status / 100 == 5 || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == TOO_MANY) {
            throw new IOException("the answer was " + status);
        }
        if (status / 100 != 2) {
            throw new Refused(status);
        }
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
