// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** One connection of HTTP/2 (RFC 9113) whose frames the test says itself, also those that no library would send. */
final class Http2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ANSWER_MS_MAX = 60_000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final SSLSocket socket;
    private final DataInputStream in;

    record Frame(int type, int flags, int stream, byte[] payload) {
        /** {@return the number that stands at a place of the payload} */
        int number(int place) {
            return (payload[place] & 0xff) << 24
                    | (payload[place + 1] & 0xff) << 16
                    | (payload[place + 2] & 0xff) << 8
                    | payload[place + 3] & 0xff;
        }
    }

    /** Agrees on keys and on the protocol, and says nothing yet. */
    Http2Client(int port) throws IOException {
        socket = (SSLSocket) trustingAll().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(ANSWER_MS_MAX);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        in = new DataInputStream(socket.getInputStream());
    }

    static SSLContext trustingAll() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String protocol() {
        return socket.getApplicationProtocol();
    }

    /** {@return whose certificate the server showed to this connection} */
    String peer() throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    /** Sends the preface and empty settings. */
    Http2Client begin() throws IOException {
        socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        return send(SETTINGS, 0, 0);
    }

    Http2Client send(int type, int flags, int stream, byte... payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {
            (byte) (payload.length >> 16),
            (byte) (payload.length >> 8),
            (byte) payload.length,
            (byte) type,
            (byte) flags,
            (byte) (stream >> 24),
            (byte) (stream >> 16),
            (byte) (stream >> 8),
            (byte) stream
        });
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
        return this;
    }

    /** Sends a request without a body. */
    Http2Client get(int stream, String path) throws IOException {
        // As the static table has it, ":method GET".
        return request(stream, END_STREAM, 0x82, path);
    }

    /** Sends the head of a request whose body is to come. */
    Http2Client post(int stream, String path) throws IOException {
        return request(stream, 0, 0x83, path);
    }

    /** Fields as RFC 7541 has them, such that no table keeps them. */
    private Http2Client request(int stream, int flags, int method, String path) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(method);
        // ":scheme https".
        head.write(0x87);
        field(head, 4, path);
        field(head, 1, "vms");
        return send(HEADERS, END_HEADERS | flags, stream, head.toByteArray());
    }

    private static void field(ByteArrayOutputStream head, int name, String value) {
        head.write(name);
        head.write(value.length());
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** {@return the next frame; what was not waited for is passed over} */
    Frame await(int type) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                throw new IOException("closed while frame " + type + " was waited for");
            }
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
            Frame frame = new Frame(head[3], head[4], new Frame(0, 0, 0, head).number(5), in.readNBytes(length));
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** {@return the server's first settings, by their number} */
    Map<Integer, Integer> settings() throws IOException {
        Frame frame = await(SETTINGS);
        Map<Integer, Integer> settings = new TreeMap<>();
        for (int place = 0; place < frame.payload().length; place += 6) {
            settings.put(
                    (frame.payload()[place] & 0xff) << 8 | frame.payload()[place + 1] & 0xff, frame.number(place + 2));
        }
        return settings;
    }

    /** Returns when the server has closed the connection. */
    void awaitEnd() throws IOException {
        try {
            while (in.read() >= 0) {
                // What was on its way is of no interest.
            }
        } catch (SocketTimeoutException stays) {
            throw stays;
        } catch (IOException reset) {
            return;
        }
    }

    /** A socket of TCP alone, on which a handshake of TLS begins and never ends. */
    static Socket unfinished(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(ANSWER_MS_MAX);
        socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1});
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** An extended one is asked about names, too. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
