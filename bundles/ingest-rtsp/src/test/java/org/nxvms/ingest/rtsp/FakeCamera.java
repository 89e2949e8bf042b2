// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.nxvms.media.kit.rtsp.DigestAnswer;
import org.nxvms.media.kit.rtsp.RtspChallenge;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/**
 * A real RTSP server on loopback that behaves as a test says: one thread a connection, the clip sent at once after PLAY,
 * pictures and audio interleaved packet by packet.
 */
class FakeCamera implements AutoCloseable {
    static final String REALM = "fake";

    final List<RtspRequest> requests = new CopyOnWriteArrayList<>();
    final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ServerSocket server;
    private int sequence;
    private int audioSequence = 65_530;

    /** What the camera does; tests override one or two of these. */
    static class Manners {
        /** An answer instead of the usual one. */
        Optional<RtspResponse> instead(RtspRequest request) {
            return Optional.empty();
        }

        boolean answers() {
            return true;
        }

        String sdp() {
            return sdp("H264", true);
        }

        int sessionTimeoutS() {
            return 60;
        }

        /** Sends media; the connection stays open afterwards. */
        void play(FakeCamera camera, OutputStream out) throws IOException {
            camera.sendClip(out, 0);
        }

        static String sdp(String codec, boolean audio) {
            List<byte[]> sets = Clip.pictures().get(0).nals().stream()
                    .filter(nal -> (nal[0] & 0x1F) == 7 || (nal[0] & 0x1F) == 8)
                    .toList();
            Base64.Encoder base64 = Base64.getEncoder();
            return "v=0\r\ns=fake\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 " + codec
                    + "/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets="
                    + base64.encodeToString(sets.get(0)) + "," + base64.encodeToString(sets.get(1))
                    + "\r\na=control:track1\r\n"
                    + (audio
                            ? "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/48000/1\r\n"
                                    + "a=fmtp:97 mode=AAC-hbr;config="
                                    + HexFormat.of().formatHex(Clip.toneConfig())
                                    + ";sizelength=13;indexlength=3;indexdeltalength=3\r\na=control:track2\r\n"
                            : "");
        }

        /** Digest MD5 with this password. */
        static Optional<RtspResponse> login(RtspRequest request, String user, String password) {
            return login(request, user, password, "n0nce");
        }

        /** As {@link #login(RtspRequest, String, String)}; no other nonce counts, and none is called stale. */
        static Optional<RtspResponse> login(RtspRequest request, String user, String password, String nonce) {
            Optional<String> header = request.headers().first("Authorization");
            if (header.isPresent()) {
                RtspChallenge sent = RtspChallenge.parse(header.get()).get(0);
                DigestAnswer.Question question =
                        new DigestAnswer.Question(request.method(), sent.parameter("uri"), REALM, nonce, "");
                if (sent.parameter("response").equals(DigestAnswer.withoutQop(user, password, question))) {
                    return Optional.empty();
                }
            }
            return Optional.of(new RtspResponse(
                    401,
                    "Unauthorized",
                    RtspHeaders.of("WWW-Authenticate", "Digest realm=\"" + REALM + "\", nonce=\"" + nonce + "\"")));
        }
    }

    private final Manners manners;

    FakeCamera(Manners manners) {
        this.manners = manners;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "fake-camera");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "rtsp://127.0.0.1:" + port() + "/live";
    }

    long count(String method) {
        return requests.stream()
                .filter(request -> request.method().equals(method))
                .count();
    }

    /** Lets {@link #awaitGo} return. */
    void go() {
        goOn.countDown();
    }

    void awaitGo() throws IOException {
        try {
            goOn.await();
        } catch (InterruptedException stop) {
            throw new IOException(stop);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                Thread thread = new Thread(() -> serve(socket), "fake-camera-session");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            RtspFramer framer = new RtspFramer();
            ByteBuffer in = ByteBuffer.allocate(100_000);
            byte[] chunk = new byte[4096];
            for (int count = socket.getInputStream().read(chunk);
                    count > 0;
                    count = socket.getInputStream().read(chunk)) {
                in.put(chunk, 0, count).flip();
                for (int found = framer.next(in); found != RtspFramer.NEED_MORE; found = framer.next(in)) {
                    if (found == RtspFramer.MESSAGE && framer.message() instanceof RtspRequest request) {
                        requests.add(request);
                        answer(request, out);
                    }
                }
                in.compact();
            }
        } catch (IOException | RtspException gone) {
            // The client left, or the test closed the camera.
        }
    }

    private void answer(RtspRequest request, OutputStream out) throws IOException {
        if (!manners.answers()) {
            return;
        }
        Optional<RtspResponse> instead = manners.instead(request);
        RtspResponse response = instead.orElseGet(() -> usual(request));
        RtspHeaders headers = response.headers().with("CSeq", String.valueOf(request.cseq()));
        synchronized (this) {
            out.write(new RtspResponse(response.status(), response.reason(), headers, response.body()).toBytes());
        }
        if ("PLAY".equals(request.method()) && response.ok()) {
            Thread sender = new Thread(() -> {
                try {
                    manners.play(this, out);
                } catch (IOException gone) {
                    // The client left.
                }
            });
            sender.setDaemon(true);
            sender.start();
        }
    }

    private RtspResponse usual(RtspRequest request) {
        RtspHeaders session = RtspHeaders.of("Session", "s1;timeout=" + manners.sessionTimeoutS());
        return switch (request.method()) {
            case "OPTIONS" ->
                new RtspResponse(
                        200, "OK", RtspHeaders.of("Public", "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"));
            case "DESCRIBE" ->
                new RtspResponse(
                        200,
                        "OK",
                        RtspHeaders.of("Content-Base", url() + "/"),
                        manners.sdp().getBytes(StandardCharsets.UTF_8));
            case "SETUP" ->
                new RtspResponse(
                        200,
                        "OK",
                        session.with(
                                "Transport",
                                request.headers().first("Transport").orElse("")));
            default -> new RtspResponse(200, "OK", session);
        };
    }

    /** The whole clip and tone, starting at this time; the audio packets stand between the packets of pictures. */
    void sendClip(OutputStream out, long startPts) throws IOException {
        List<byte[]> tone = Clip.tone();
        List<Clip.Picture> pictures = Clip.pictures();
        for (int i = 0; i < pictures.size(); i++) {
            byte[] audio = i < tone.size() ? audio(tone.get(i), i) : new byte[0];
            picture(out, pictures.get(i), startPts + pictures.get(i).pts(), audio);
        }
    }

    void picture(OutputStream out, Clip.Picture picture, long pts, byte[] between) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        List<byte[]> nals = picture.nals();
        for (int i = 0; i < nals.size(); i++) {
            packets.add(frame(0, rtp(nals.get(i), 96, i == nals.size() - 1, pts, sequence++)));
            if (i == 0) {
                packets.add(between);
            }
        }
        synchronized (this) {
            for (byte[] packet : packets) {
                out.write(packet);
            }
            out.flush();
        }
    }

    private byte[] audio(byte[] unit, int number) {
        ByteBuffer payload = ByteBuffer.allocate(4 + unit.length);
        payload.putShort((short) 16).putShort((short) (unit.length << 3)).put(unit);
        return frame(2, rtp(payload.array(), 97, true, 1024L * number, audioSequence++));
    }

    private static byte[] frame(int channel, byte[] packet) {
        return ByteBuffer.allocate(4 + packet.length)
                .put((byte) '$')
                .put((byte) channel)
                .putShort((short) packet.length)
                .put(packet)
                .array();
    }

    private static byte[] rtp(byte[] payload, int type, boolean marker, long timestamp, int sequence) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0x80)
                .put((byte) (type | (marker ? 0x80 : 0)))
                .putShort((short) sequence)
                .putInt((int) timestamp)
                .putInt(7)
                .put(payload)
                .array();
    }

    void hangUp() throws IOException {
        for (Socket socket : connections) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }
}
