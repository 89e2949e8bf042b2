// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.push;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final int HEAD_CHARS_MAX = 16 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.\\d (\\d{3})\\b");

    private final URI address;
    private final String type;
    private final Going going;
    private volatile Socket open;
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

    /** Nothing is posted any more; who is connected to, or waited for, is so no longer. */
    public void end() {
        ended = true;
        Socket now = open;
        if (now != null) {
            try {
                now.close();
            } catch (IOException gone) {
                // It is closed all the same.
            }
        }
    }

    private void once(byte[] body) throws IOException {
        int status = status(body);
        if (status / 100 == 5 || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == TOO_MANY) {
            throw new IOException("the answer was " + status);
        }
        if (status / 100 != 2) {
            throw new Refused(status);
        }
    }

    /** The JDK's clients cannot be used: one connects anew when it is broken off, the other one keeps connections. */
    private int status(byte[] body) throws IOException {
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        String host =
                Optional.ofNullable(address.getHost()).orElseThrow(() -> new IOException(address + " names no host"));
        int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
        try (Socket plain = new Socket()) {
            open = plain;
            if (ended) {
                throw new IOException("it was ended");
            }
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            plain.setSoTimeout(TIMEOUT_MS);
            Socket socket = secure ? trusting().getSocketFactory().createSocket(plain, host, port, true) : plain;
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            out.write(head(body.length).getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            return status(socket.getInputStream());
        } finally {
            open = null;
        }
    }

    private String head(int bytes) {
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return "POST " + path + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery())
                + " HTTP/1.1\r\nHost: "
                + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                + "\r\nUser-Agent: NXvms-simulator\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes
                + "\r\nConnection: close\r\n\r\n";
    }

    /** Reads the head of the answer (RFC 9112 2.1). */
    private static int status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < HEAD_CHARS_MAX) {
            byte[] some = new byte[1024];
            int read = in.read(some);
            if (read < 0) {
                throw new IOException("the answer broke off");
            }
            head.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
        }
        Matcher line = STATUS.matcher(head);
        if (!line.lookingAt()) {
            throw new IOException("the answer is not of HTTP");
        }
        return Integer.parseInt(line.group(1));
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
