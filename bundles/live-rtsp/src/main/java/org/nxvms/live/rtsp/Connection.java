// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, read by a thread of its own: what it waits for is ended from outside, by closing the socket, when
 * it takes too long.
 */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** The first byte of a TLS record of a handshake (RFC 8446 5.1); no RTSP method begins with it. */
    private static final int TLS_HANDSHAKE = 0x16;

    private static final int READ_BYTES = 4 << 10;
    /** What is on its way to a slow client is the kernel's and no more than this. */
    private static final int SEND_BUFFER_BYTES = 512 << 10;

    private static final long NEWCOMER_NS_MAX = TimeUnit.SECONDS.toNanos(15);
    private static final long STUCK_NS_MAX = TimeUnit.SECONDS.toNanos(30);
    /** Checks, two a second, until a goodbye must have been sent: rights that are withdrawn end within five seconds. */
    private static final int GOODBYE_CHECKS_MAX = 4;

    /** So a client that vanished while there was nothing to send is noticed within two minutes; seconds, and a number. */
    private static final Map<String, Integer> KEEP_ALIVE =
            Map.of("TCP_KEEPIDLE", 60, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 6);

    /** Makes a TLS connection of one that begins like one. */
    interface Tls {
        Socket over(Socket plain, InputStream read) throws IOException, GeneralSecurityException;
    }

    private final Socket plain;
    private final Services services;
    private final Rules rules;
    private final Tls tls;
    private final RtspFramer framer = new RtspFramer();
    private ByteBuffer received = ByteBuffer.allocate(READ_BYTES);
    private final long openedNs = System.nanoTime();
    private volatile long heardNs = openedNs;
    private volatile Optional<Dialogue> dialogue = Optional.empty();
    private volatile Optional<Wire> wire = Optional.empty();
    /** Of the thread that checks: how often it still waits for a goodbye, 0 when none was said. */
    private int goodbyeChecks;

    Connection(Socket plain, Services services, Rules rules, Tls tls) {
        this.plain = plain;
        this.services = services;
        this.rules = rules;
        this.tls = tls;
    }

    String address() {
        return plain.getInetAddress().getHostAddress();
    }

    /** {@return whether nothing is set up here} */
    boolean isNew() {
        return dialogue.map(known -> !known.hasSession()).orElse(true);
    }

    @Override
    public void run() {
        try (plain) {
            prepare(plain);
            int first = plain.getInputStream().read();
            if (first == TLS_HANDSHAKE) {
                InputStream read = new ByteArrayInputStream(new byte[] {TLS_HANDSHAKE});
                try (Socket secured = tls.over(plain, read)) {
                    converse(secured, true);
                }
            } else if (first >= 0 && rules.plain()) {
                received.put((byte) first);
                converse(plain, false);
            }
        } catch (IOException e) {
            LOG.debug("The connection of {} ended: {}", address(), e.toString());
        } catch (GeneralSecurityException e) {
            LOG.warn("RTSPS cannot be served, the certificate cannot be used: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("The RTSP connection of {} stumbled and is closed", address(), e);
        } finally {
            close();
            dialogue.ifPresent(Dialogue::end);
        }
    }

    static void prepare(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER_BYTES);
        socket.setKeepAlive(true);
        // By name: the package of these constants is not one that bundles see.
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (KEEP_ALIVE.containsKey(option.name()) && option.type() == Integer.class) {
                set(socket, option, KEEP_ALIVE.get(option.name()));
            }
        }
    }

    private static <T> void set(Socket socket, SocketOption<T> option, Integer value) throws IOException {
        socket.setOption(option, option.type().cast(value));
    }

    private void converse(Socket socket, boolean secure) throws IOException {
        Wire out = new Wire(socket.getOutputStream());
        Dialogue talk = new Dialogue(
                services,
                rules,
                new Dialogue.Peer(plain.getLocalAddress(), plain.getInetAddress(), secure),
                out,
                this::close);
        wire = Optional.of(out);
        dialogue = Optional.of(talk);
        InputStream in = socket.getInputStream();
        try {
            while (true) {
                received.flip();
                for (int kind = framer.next(received); kind != RtspFramer.NEED_MORE; kind = framer.next(received)) {
                    if (kind == RtspFramer.MESSAGE) {
                        take(talk, out);
                    }
                }
                received.compact();
                makeRoom();
                int read = in.read(received.array(), received.position(), received.remaining());
                if (read < 0) {
                    return;
                }
                heardNs = System.nanoTime();
                received.position(received.position() + read);
            }
        } catch (RtspException e) {
            byte[] answer = new RtspResponse(400, "Bad Request", RtspHeaders.of("X-Detail", e.getMessage())).toBytes();
            out.write(answer, 0, answer.length);
        }
    }

    private void take(Dialogue talk, Wire out) throws IOException {
        if (framer.message() instanceof RtspRequest request) {
            byte[] answer = talk.answer(request).toBytes();
            out.write(answer, 0, answer.length);
            talk.answered();
        }
    }

    /** An element that is not whole yet finds room up to the longest there is. */
    private void makeRoom() throws RtspException {
        if (received.hasRemaining()) {
            return;
        }
        if (received.capacity() >= RtspFramer.ELEMENT_BYTES_MAX + READ_BYTES) {
            throw new RtspException("a message longer than " + received.capacity() + " bytes");
        }
        ByteBuffer larger =
                ByteBuffer.allocate(Math.min(RtspFramer.ELEMENT_BYTES_MAX + READ_BYTES, 2 * received.capacity()));
        received = larger.put(received.flip());
    }

    /** Ends what lasts too long or may not go on. The thread that checks. */
    void check(long nowNs) {
        if (goodbyeChecks > 0) {
            goodbyeChecks--;
            if (goodbyeChecks == 0 || dialogue.map(Dialogue::isSilent).orElse(true)) {
                close();
            }
            return;
        }
        long stuckNs = wire.map(out -> out.stuckNs(nowNs)).orElse(0L);
        if (stuckNs > STUCK_NS_MAX) {
            LOG.info("The RTSP client {} took nothing for 30 s and is gone", address());
            close();
        } else if (isNew() && nowNs - lastProvedNs() > NEWCOMER_NS_MAX) {
            close();
        } else {
            dialogue.flatMap(talk -> talk.check(nowNs, heardNs)).ifPresent(why -> {
                LOG.info("The RTSP session of {} is ended: {}", address(), why);
                goodbyeChecks = GOODBYE_CHECKS_MAX;
            });
        }
    }

    private long lastProvedNs() {
        return dialogue.map(Dialogue::provedNs).orElse(openedNs);
    }

    /** Any thread, any number of times; waits for nobody, not even for TLS to say goodbye. */
    void close() {
        try {
            plain.close();
        } catch (IOException e) {
            LOG.debug("A socket was not closed cleanly: {}", e.toString());
        }
    }
}
