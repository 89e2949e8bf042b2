// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.nxvms.live.webrtc.sdp.Fingerprints;
import org.nxvms.live.webrtc.secure.DtlsIdentity;
import org.nxvms.live.webrtc.secure.DtlsPlayer;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.live.webrtc.secure.SrtpProfile;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;

/** A player as a browser is one: checks the way, shakes hands, takes packets, asks again for those that did not come. One thread. */
final class Player implements AutoCloseable {
    static final int VIDEO = 102;
    static final int RESENT = 103;
    /** PCMU, PCMA, Opus. */
    private static final Set<Integer> AUDIO = Set.of(0, 8, 111);

    private static final DtlsIdentity IDENTITY = DtlsIdentity.make(new SecureRandom());
    private static final long NACK_NS = 50_000_000;
    private static final long CHECK_NS = 1_000_000_000L;
    private static final long PLAY_NS_MAX = 60_000_000_000L;
    private static final int SILENCES_MAX = 5;
    /** By which a picture is missed that was wanted. */
    private static final int AHEAD_MAX = 25;

    private final Link link;
    private final Deque<byte[]> records = new ArrayDeque<>();
    private final Units pictures = new Units();
    private final TreeMap<Long, byte[]> waiting = new TreeMap<>();
    private final TreeMap<Long, byte[]> sounds = new TreeMap<>();
    private final int[] profiles;
    private final Random loss;
    private final double lost;
    private String user;
    private String password;
    private InetSocketAddress server;
    private int videoSource;
    private DtlsPlayer dtls;
    private DTLSTransport secured;
    private Srtp in;
    private Srtp out;
    private long next = -1;
    private long highest = -1;
    private long nackedNs;
    private long checkedNs;
    private boolean silent;
    int dropped;
    int resent;
    int reports;
    int nackedPackets;
    int answeredChecks;

    /** @param lost share of packets that this player does not get, by a seed */
    Player(double lost, long seed, SrtpProfile... offered) throws IOException {
        this(new Link.Udp(), lost, seed, offered);
    }

    /** One that loses nothing, over TCP. */
    static Player overTcp() {
        return new Player(new Link.Tcp(), 0, 1, SrtpProfile.values());
    }

    private Player(Link link, double lost, long seed, SrtpProfile... offered) {
        this.link = link;
        this.lost = lost;
        this.loss = new Random(seed);
        this.profiles = Arrays.stream(offered).mapToInt(SrtpProfile::id).toArray();
    }

    static String offer(boolean withResend, boolean withSound) {
        return ("v=0\no=- 4611731400430051336 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0"
                        + (withSound ? " 1" : "")
                        + "\nm=video 9 UDP/TLS/RTP/SAVPF 96 " + VIDEO + " " + RESENT + "\nc=IN IP4 0.0.0.0\n"
                        + "a=ice-ufrag:play\na=ice-pwd:asd88fgpdd777uzjYhagZg\n"
                        + "a=fingerprint:sha-256 " + Fingerprints.text(Fingerprints.of(IDENTITY.certificate()))
                        + "\na=setup:actpass\na=mid:0\na=recvonly\na=rtcp-mux\n"
                        + "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\n"
                        + "a=rtpmap:96 VP8/90000\na=rtpmap:" + VIDEO + " H264/90000\n"
                        + "a=fmtp:" + VIDEO
                        + " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\n"
                        + (withResend
                                ? "a=rtpmap:" + RESENT + " rtx/90000\na=fmtp:" + RESENT + " apt=" + VIDEO + "\n"
                                : "")
                        + (withSound
                                ? "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8\na=mid:1\na=recvonly\na=rtcp-mux\n"
                                        + "a=rtpmap:111 opus/48000/2\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\n"
                                : ""))
                .replace("\n", "\r\n");
    }

    /** Does what the answer says until keys are agreed on. */
    void connect(String answer) throws IOException {
        byte[] fingerprint = listenTo(answer);
        check();
        dtls = new DtlsPlayer(IDENTITY, fingerprint, profiles);
        secured = dtls.connect(new Wire());
        in = Srtp.of(dtls.keys().server());
        out = Srtp.of(dtls.keys().client());
    }

    /** Checks the way, and waits until that is answered; {@return false when it is not within a second} */
    boolean knock(String answer) throws IOException {
        listenTo(answer);
        int before = answeredChecks;
        check();
        long deadline = System.nanoTime() + CHECK_NS;
        while (answeredChecks == before && System.nanoTime() < deadline) {
            take(100);
        }
        return answeredChecks > before;
    }

    /** Checks the way until that is answered, once a second as players do. */
    void knockUntilHeard(String answer) throws IOException {
        long deadline = System.nanoTime() + PLAY_NS_MAX;
        while (!knock(answer)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not answered within 60 s");
            }
        }
    }

    private byte[] listenTo(String answer) throws IOException {
        user = find(answer, "a=ice-ufrag:(\\S+)");
        password = find(answer, "a=ice-pwd:(\\S+)");
        videoSource = Integer.parseUnsignedInt(find(answer, "a=ssrc:(\\d+) "));
        String protocol = link instanceof Link.Tcp ? "tcp" : "udp";
        server = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(
                        find(answer, "a=candidate:\\S+ 1 " + protocol + " \\d+ 127\\.0\\.0\\.1 (\\d+) typ host")));
        link.open(server);
        return java.util.HexFormat.ofDelimiter(":")
                .withUpperCase()
                .parseHex(find(answer, "a=fingerprint:sha-256 (\\S+)"));
    }

    /** Sends what looks like DTLS and is not. */
    void sendJunk(int datagrams) throws IOException {
        Random random = new Random(datagrams);
        for (int i = 0; i < datagrams; i++) {
            byte[] junk = new byte[13 + random.nextInt(1_000)];
            random.nextBytes(junk);
            junk[0] = (byte) (20 + random.nextInt(44));
            send(junk, junk.length);
        }
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }

    /** Says no word any more, as one whose machine was switched off. */
    void fallSilent() {
        silent = true;
    }

    /** Checks the way without reading anything. */
    void stayHeard() throws IOException {
        check();
    }

    /** A check of the way, with the nomination. */
    private void check() throws IOException {
        checkedNs = System.nanoTime();
        byte[] name = (user + ":play").getBytes(StandardCharsets.UTF_8);
        int padded = name.length + 3 & ~3;
        ByteBuffer message = ByteBuffer.allocate(20 + 4 + padded + 4 + 24 + 8);
        message.putShort((short) 1).putShort((short) (message.capacity() - 20)).putInt(0x2112_A442);
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
        message.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354_554E);
        send(message.array(), message.capacity());
    }

    /** An answer to a check: for us, and by who knows the password (RFC 8445 7.2.5). */
    private void answered(byte[] bytes, int length) {
        ByteBuffer message = ByteBuffer.wrap(bytes, 0, length);
        int integrityAt = length - 32;
        if (message.getShort(0) != 0x0101 || message.getShort(2) != length - 20 || message.getInt(16) != 7) {
            throw new IllegalStateException("no answer to a check of ours");
        }
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length - 8);
        boolean marked = message.getInt(length - 8) == 0x8028_0004
                && message.getInt(length - 4) == ((int) crc.getValue() ^ 0x5354_554E);
        message.putShort(2, (short) (integrityAt + 24 - 20));
        boolean signed = message.getInt(integrityAt) == 0x0008_0014
                && Arrays.equals(
                        hmac(bytes, integrityAt), Arrays.copyOfRange(bytes, integrityAt + 4, integrityAt + 24));
        if (!marked || !signed) {
            throw new IllegalStateException("an answer that is not genuine");
        }
        int port = message.getShort(26) & 0xFFFF ^ 0x2112;
        if (port != link.localPort()) {
            throw new IllegalStateException("told port " + port + " in the place of " + link.localPort());
        }
        answeredChecks++;
    }

    private byte[] hmac(byte[] message, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(message, 0, length);
            return mac.doFinal();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(byte[] bytes, int length) throws IOException {
        link.send(bytes, length);
    }

    /** Takes datagrams for so long, or until one came; {@return whether one came} */
    boolean take(int waitMs) throws IOException {
        if (!silent && System.nanoTime() - checkedNs > CHECK_NS) {
            check();
        }
        byte[] bytes = new byte[2_048];
        int length = link.receive(bytes, waitMs);
        if (length < 0) {
            return false;
        }
        int first = bytes[0] & 0xFF;
        if (first <= 3) {
            answered(bytes, length);
        } else if (first >= 20 && first <= 63) {
            records.add(Arrays.copyOf(bytes, length));
            if (secured != null) {
                try {
                    secured.receive(new byte[2_048], 0, 2_048, 1);
                } catch (IOException ended) {
                    // goodbye() tells it
                }
            }
        } else if (first >= 128 && in != null) {
            media(bytes, length);
        }
        if (!silent && System.nanoTime() - nackedNs > NACK_NS) {
            askAgain();
        }
        return true;
    }

    /**
     * Takes until so many pictures are whole. A lost packet is missed when a later one comes: so the camera goes on, but not so
     * far that a server which stalls for a while would no longer hold what was lost, or sends more at once than there is room for.
     */
    void play(Stage.Camera camera, int wanted) throws IOException {
        long deadline = System.nanoTime() + PLAY_NS_MAX;
        int more = wanted - pictures.units().size() + AHEAD_MAX;
        int silences = 0;
        while (pictures.units().size() < wanted) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 60 s: " + wanted + " pictures");
            }
            if (take(50)) {
                silences = 0;
            } else if (silences++ < SILENCES_MAX && more-- > 0) {
                camera.pictures(1);
            }
        }
    }

    /**
     * Takes until all that the camera has written is here, nothing of which was lost. It writes nothing meanwhile: who begins
     * begins with its newest key frame.
     */
    void playOut(Stage.Camera camera) throws IOException {
        takeUntil("all pictures", () -> pictures.units().size() >= camera.pictures.size());
    }

    /** Loses its connection without a word, makes another and checks the way by it. */
    void reconnect() throws IOException {
        link.close();
        link.open(server);
        check();
    }

    /** Takes, and checks the way as players do, until something holds. */
    void takeUntil(String what, BooleanSupplier state) throws IOException {
        long deadline = System.nanoTime() + PLAY_NS_MAX;
        while (!state.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 60 s: " + what);
            }
            take(50);
        }
    }

    int serverPort() {
        return server.getPort();
    }

    boolean goodbye() {
        return dtls.goodbye();
    }

    Units pictures() {
        return pictures;
    }

    /** {@return payloads of sound, in order} */
    List<byte[]> sounds() {
        return List.copyOf(sounds.values());
    }

    private void media(byte[] bytes, int length) {
        int type = bytes[1] & 0x7F;
        if (type >= 64 && type <= 95) {
            if (in.unprotectRtcp(bytes, length) > 0) {
                Rtcp rtcp = new Rtcp();
                reports += rtcp.parse(ByteBuffer.wrap(bytes), 0, 28) && rtcp.hasSenderReport() ? 1 : 0;
            }
            return;
        }
        // Nobody can miss what comes before the first packet.
        if (next >= 0 && lost > 0 && loss.nextDouble() < lost) {
            dropped++;
            return;
        }
        RtpHeader header = new RtpHeader();
        header.parse(ByteBuffer.wrap(bytes), 0, length);
        long sequence = extended(header.sequence(), type);
        int clear = in.unprotect(bytes, header.payloadOffset(), length, (int) (sequence >>> 16));
        if (clear < 0) {
            throw new IllegalStateException("a packet of type " + type + " is not genuine");
        }
        if (AUDIO.contains(type)) {
            sounds.put(sequence, Arrays.copyOfRange(bytes, header.payloadOffset(), clear));
            return;
        }
        byte[] packet = Arrays.copyOf(bytes, clear);
        if (type == RESENT) {
            resent++;
            int at = header.payloadOffset();
            sequence = extended((bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF, VIDEO);
            packet = new byte[clear - 2];
            System.arraycopy(bytes, 0, packet, 0, at);
            System.arraycopy(bytes, at + 2, packet, at, clear - at - 2);
        }
        if (next < 0) {
            next = sequence;
        }
        highest = Math.max(highest, sequence);
        if (sequence >= next) {
            waiting.put(sequence, packet);
        }
        for (byte[] ready = waiting.remove(next); ready != null; ready = waiting.remove(next)) {
            pictures.accept(ready, ready.length);
            next++;
        }
    }

    /** Sequence numbers of sound and of what comes again start low and are not followed beyond 65535 here. */
    private long extended(int sequence, int type) {
        if (type != VIDEO || highest < 0) {
            return sequence;
        }
        long near = highest & ~0xFFFFL | sequence;
        if (near - highest > 0x8000) {
            near -= 0x1_0000;
        } else if (highest - near > 0x8000) {
            near += 0x1_0000;
        }
        return near;
    }

    private void askAgain() throws IOException {
        if (next < 0 || waiting.isEmpty()) {
            return;
        }
        nackedNs = System.nanoTime();
        ByteBuffer out = ByteBuffer.allocate(256);
        out.putInt(0).putInt(1).putInt(videoSource);
        for (long missing = next; missing < highest && out.position() < 180; missing++) {
            if (!waiting.containsKey(missing)) {
                out.putShort((short) missing).putShort((short) 0);
                nackedPackets++;
            }
        }
        out.putInt(0, 2 << 30 | 1 << 24 | 205 << 16 | out.position() / 4 - 1);
        sendReport(out);
    }

    /** Says that it cannot decode what it has. */
    void askForKey() throws IOException {
        ByteBuffer report = ByteBuffer.allocate(64);
        report.putInt(2 << 30 | 1 << 24 | 206 << 16 | 2).putInt(1).putInt(videoSource);
        sendReport(report);
    }

    private void sendReport(ByteBuffer report) throws IOException {
        try {
            int length = out.protectRtcp(report.array(), report.position());
            send(report.array(), length);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes as a browser does: it says so. */
    void sayGoodbye() throws IOException {
        secured.close();
    }

    @Override
    public void close() {
        link.close();
    }

    /** The network as the player's DTLS sees it. */
    private final class Wire implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 2_048;
        }

        @Override
        public int getSendLimit() {
            return 1_200;
        }

        @Override
        public int receive(byte[] target, int offset, int length, int waitMillis) throws IOException {
            long deadline = System.nanoTime() + waitMillis * 1_000_000L;
            while (records.isEmpty() && secured == null) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return -1;
                }
                take((int) Math.min(leftMs, 200));
            }
            byte[] record = Optional.ofNullable(records.poll()).orElse(null);
            if (record == null) {
                return -1;
            }
            System.arraycopy(record, 0, target, offset, record.length);
            return record.length;
        }

        @Override
        public void send(byte[] source, int offset, int length) throws IOException {
            Player.this.send(Arrays.copyOfRange(source, offset, offset + length), length);
        }

        @Override
        public void close() {
            // The socket is the player's.
        }
    }
}
