// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.nxvms.itests.harness.Api;

/**
 * Watches by WebRTC over UDP: an offer, checks of the way, a handshake; then packets are counted. They are not deciphered, as what a
 * player uses is not measured; the last one of a picture is marked in the clear (RFC 3550 5.1, RFC 6184 5.1).
 */
final class WhepViewer implements LiveViewer {
    private static final int VIDEO = 102;
    private static final long CHECK_NS = 1_000_000_000L;
    private static final int RECEIVE_MS = 100;
    private static final int DATAGRAM_BYTES = 2_048;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int MAGIC = 0x2112_A442;
    private static final int FINGERPRINT_XOR = 0x5354_554E;

    private final long beginNs = System.nanoTime();
    private final HttpClient client;
    private final Api api;
    private final DatagramSocket socket;
    private final String view;
    private final String user;
    private final String password;
    private final InetSocketAddress server;
    private final Thread thread;
    private final DatagramPacket datagram = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
    private long checkedNs;
    private volatile boolean stopped;
    private volatile double firstPictureMs = -1;
    private volatile long pictures;
    private volatile long bytes;
    private volatile String trouble = "";

    WhepViewer(HttpClient client, Api api, WhepIdentity identity, String camera) throws Exception {
        this.client = client;
        this.api = api;
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setSoTimeout(RECEIVE_MS);
        HttpResponse<String> answer = client.send(
                request("/api/v1/live/" + camera + "/whep?stream=main")
                        .header("Content-Type", "application/sdp")
                        .POST(HttpRequest.BodyPublishers.ofString(offer(identity)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        view = URI.create(answer.headers().firstValue("Location").orElseThrow()).getPath();
        user = find(answer.body(), "a=ice-ufrag:(\\S+)");
        password = find(answer.body(), "a=ice-pwd:(\\S+)");
        server = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(find(answer.body(), "a=candidate:\\S+ 1 udp \\d+ 127\\.0\\.0\\.1 (\\d+) typ host")));
        thread = new Thread(() -> watch(identity), "bench-whep");
        thread.setDaemon(true);
        thread.start();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.base() + path)).header("Authorization", "Bearer " + api.token());
    }

    private static String offer(WhepIdentity identity) {
        return ("v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF " + VIDEO + "\nc=IN IP4 0.0.0.0\n"
                        + "a=ice-ufrag:play\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=fingerprint:sha-256 "
                        + identity.fingerprint()
                        + "\na=setup:actpass\na=mid:0\na=recvonly\na=rtcp-mux\na=rtpmap:" + VIDEO
                        + " H264/90000\na=fmtp:"
                        + VIDEO + " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\n")
                .replace("\n", "\r\n");
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }

    private void watch(WhepIdentity identity) {
        try {
            check();
            DTLSTransport secured = new DTLSClientProtocol().connect(new WhepHandshake(identity), new Handshake());
            while (!stopped) {
                int length = receive();
                if (length > 0) {
                    media(datagram.getData(), length);
                }
            }
            secured.close();
        } catch (IOException | RuntimeException e) {
            trouble = stopped ? "" : "a view ended: " + e;
        }
    }

    private void media(byte[] packet, int length) {
        if ((packet[0] & 0xC0) != 0x80 || (packet[1] & 0x7F) != VIDEO) {
            return;
        }
        bytes += length;
        if ((packet[1] & 0x80) != 0) {
            if (pictures == 0) {
                firstPictureMs = (System.nanoTime() - beginNs) / 1e6;
            }
            pictures++;
        }
    }

    /** {@return bytes of a datagram, 0 when none came} Says each second that somebody is still there (RFC 7675). */
    private int receive() throws IOException {
        if (System.nanoTime() - checkedNs > CHECK_NS) {
            check();
        }
        try {
            datagram.setLength(DATAGRAM_BYTES);
            socket.receive(datagram);
            return datagram.getLength();
        } catch (SocketTimeoutException nothing) {
            return 0;
        }
    }

    /** A check of the way, with the nomination (RFC 8445 7.2.4). */
    private void check() throws IOException {
        checkedNs = System.nanoTime();
        byte[] name = (user + ":play").getBytes(StandardCharsets.UTF_8);
        int padded = name.length + 3 & ~3;
        ByteBuffer message = ByteBuffer.allocate(20 + 4 + padded + 4 + 24 + 8);
        message.putShort((short) 1).putShort((short) 0).putInt(MAGIC);
        message.putLong(System.nanoTime()).putInt(7);
        message.putShort((short) 6).putShort((short) name.length).put(name);
        message.position(24 + padded);
        message.putShort((short) 0x25).putShort((short) 0);
        int integrityAt = message.position();
        message.putShort(2, (short) (integrityAt + 24 - 20));
        message.putShort((short) 8).putShort((short) 20).put(hmac(message.array(), integrityAt));
        message.putShort(2, (short) (message.capacity() - 20));
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        message.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ FINGERPRINT_XOR);
        socket.send(new DatagramPacket(message.array(), message.capacity(), server));
    }

    private byte[] hmac(byte[] message, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(message, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public double firstPictureMs() {
        require();
        return firstPictureMs;
    }

    @Override
    public long pictures() {
        require();
        return pictures;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private void require() {
        if (!trouble.isEmpty()) {
            throw new AssertionError(trouble);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
            client.send(request(view).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            socket.close();
        }
    }

    /** The datagrams of the handshake; media that come early are counted. */
    private final class Handshake implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return DATAGRAM_BYTES;
        }

        @Override
        public int getSendLimit() {
            return 1_200;
        }

        @Override
        public int receive(byte[] target, int offset, int length, int waitMs) throws IOException {
            long deadlineNs = System.nanoTime() + waitMs * 1_000_000L;
            do {
                int received = WhepViewer.this.receive();
                int first = datagram.getData()[0] & 0xFF;
                if (received > 0 && first >= 20 && first <= 63) {
                    System.arraycopy(datagram.getData(), 0, target, offset, received);
                    return received;
                } else if (received > 0 && first >= 128) {
                    media(datagram.getData(), received);
                }
            } while (System.nanoTime() < deadlineNs && !stopped);
            return -1;
        }

        @Override
        public void send(byte[] source, int offset, int length) throws IOException {
            socket.send(new DatagramPacket(Arrays.copyOfRange(source, offset, offset + length), length, server));
        }

        @Override
        public void close() {
            // The socket is the viewer's.
        }
    }
}
