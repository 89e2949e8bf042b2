// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/** A plain blocking RTSP client, just able to hold the tests' conversations. */
final class RtspClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    /** Header names are in lower case. */
    record Response(int status, Map<String, String> headers, String body, String head) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String session() {
            return header("session").replaceAll(";.*", "");
        }
    }

    /** An interleaved frame. */
    record Frame(int channel, byte[] bytes) {
        int sequence() {
            return ByteBuffer.wrap(bytes).getShort(2) & 0xffff;
        }

        int timestamp() {
            return ByteBuffer.wrap(bytes).getInt(4);
        }

        int ssrc() {
            return ByteBuffer.wrap(bytes).getInt(8);
        }

        boolean marker() {
            return (bytes[1] & 0x80) != 0;
        }

        int nalType() {
            return bytes[12] & 0x1f;
        }

        boolean isFragment() {
            return nalType() == 28;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final Queue<Frame> frames = new ArrayDeque<>();
    private final String uri;
    private int cseq;
    private String session;

    RtspClient(InetSocketAddress address, String uri) throws IOException {
        this.uri = uri;
        socket = new Socket();
        socket.connect(address, TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    static RtspClient of(Camera camera, Camera.Role role) throws IOException {
        return new RtspClient(camera.address(), camera.uri(role));
    }

    Response request(String method, String target, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(method + " " + target + " RTSP/1.0\r\nCSeq: " + ++cseq + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        send(text.append("\r\n").toString());
        Response response = readResponse();
        if (!response.header("cseq").equals(Integer.toString(cseq))) {
            throw new IOException("answered " + response.head());
        }
        return response;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Response options() throws IOException {
        return request("OPTIONS", uri);
    }

    Response describe(String... headers) throws IOException {
        return request("DESCRIBE", uri, headers);
    }

    Response setup(int track) throws IOException {
        return setup(track, "RTP/AVP/TCP;unicast;interleaved=" + track * 2 + "-" + (track * 2 + 1));
    }

    Response setup(int track, String transport) throws IOException {
        Response response = session == null
                ? request("SETUP", uri + "/trackID=" + track, "Transport: " + transport)
                : request("SETUP", uri + "/trackID=" + track, "Transport: " + transport, "Session: " + session);
        if (response.status() == 200) {
            session = response.session();
        }
        return response;
    }

    Response inSession(String method) throws IOException {
        return request(method, uri, "Session: " + session);
    }

    /** Sets up video, or video and sound, and plays. */
    Response play(int tracks) throws IOException {
        for (int track = 0; track < tracks; track++) {
            setup(track);
        }
        return inSession("PLAY");
    }

    Response readResponse() throws IOException {
        while (true) {
            in.mark(1);
            int first = in.readUnsignedByte();
            if (first == '$') {
                frames.add(readFrameAfterDollar());
                continue;
            }
            String head = readHead(first);
            // What the server asks for it may send at any moment, also before it answers.
            if (!head.startsWith("OPTIONS ")) {
                return response(head);
            }
        }
    }

    private String readHead(int first) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(first);
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            bytes.write(in.readUnsignedByte());
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private Response response(String head) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        String[] lines = head.split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Response(Integer.parseInt(head.split(" ")[1]), headers, body, head);
    }

    /** The head of the next request the server sends; frames before it are left out. */
    String serverRequest() throws IOException {
        int first = in.readUnsignedByte();
        while (first == '$') {
            readFrameAfterDollar();
            first = in.readUnsignedByte();
        }
        StringBuilder head = new StringBuilder().append((char) first);
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private Frame readFrameAfterDollar() throws IOException {
        int channel = in.readUnsignedByte();
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return new Frame(channel, bytes);
    }

    /** The next interleaved frame of any channel. */
    Frame frame() throws IOException {
        if (!frames.isEmpty()) {
            return frames.remove();
        }
        int first = in.readUnsignedByte();
        if (first != '$') {
            throw new IOException("stray byte " + first);
        }
        return readFrameAfterDollar();
    }

    /** The next frame of one channel; others are left out. */
    Frame frame(int channel) throws IOException {
        Frame frame = frame();
        while (frame.channel() != channel) {
            frame = frame();
        }
        return frame;
    }

    List<Frame> frames(int channel, int count) throws IOException {
        List<Frame> list = new ArrayList<>();
        while (list.size() < count) {
            list.add(frame(channel));
        }
        return list;
    }

    /** Raw bytes, for what is no RTSP. */
    byte[] bytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads until the server closes; false if it has not after the timeout. */
    boolean readUntilClosed() throws IOException {
        try {
            while (true) {
                frame();
            }
        } catch (EOFException closed) {
            return true;
        }
    }

    void timeoutMs(int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
