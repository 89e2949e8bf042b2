// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nxvms.simulator.fault.FaultKind;

/** The server's end of a WebSocket (RFC 6455), texts only. Read by one thread, written by any. */
public final class WebSocketLink {
    static final int TEXT_MAX = 64 << 10;
    private static final int CONTROL_MAX = 125;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    private final HttpConnection connection;
    private final DataInputStream in;

    WebSocketLink(HttpConnection connection) {
        this.connection = connection;
        this.in = new DataInputStream(connection.in());
    }

    /** A frame as it came. */
    record Frame(boolean last, int opcode, byte[] bytes) {}

    /** {@return the next text; empty when the client has ended the link} Answers pings meanwhile. */
    public Optional<String> read() throws IOException, InterruptedException {
        ByteBuffer text = ByteBuffer.allocate(TEXT_MAX);
        while (true) {
            Frame frame;
            try {
                frame = readFrame(in);
            } catch (EOFException end) {
                return Optional.empty();
            }
            switch (frame.opcode()) {
                case TEXT, CONTINUATION -> {
                    if (text.remaining() < frame.bytes().length) {
                        throw new IOException("a text is longer than " + TEXT_MAX + " bytes");
                    }
                    text.put(frame.bytes());
                    if (frame.last()) {
                        return Optional.of(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
                    }
                }
                case PING -> {
                    if (!connection.faults().has(FaultKind.EVENTS_SILENT)) {
                        send(PONG, frame.bytes());
                    }
                }
                case CLOSE -> {
                    send(CLOSE, frame.bytes());
                    return Optional.empty();
                }
                case PONG -> {}
                default -> throw new IOException("a frame of an unknown kind: " + frame.opcode());
            }
        }
    }

    static Frame readFrame(InputStream from) throws IOException {
        DataInputStream in = from instanceof DataInputStream data ? data : new DataInputStream(from);
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int opcode = first & 0x0f;
        if ((first & 0x70) != 0 || (second & MASKED) == 0) {
            throw new IOException("a frame with reserved bits or without a mask");
        }
        long length = second & 0x7f;
        if (length > CONTROL_MAX && opcode >= CLOSE || (first & FINAL) == 0 && opcode >= CLOSE) {
            throw new IOException("a control frame that is too long or in parts");
        }
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > TEXT_MAX) {
            throw new IOException("a frame of " + Long.toUnsignedString(length) + " bytes");
        }
        byte[] mask = new byte[4];
        in.readFully(mask);
        byte[] bytes = new byte[(int) length];
        in.readFully(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= mask[i & 3];
        }
        return new Frame((first & FINAL) != 0, opcode, bytes);
    }

    /** Sends a text. Blocks while the client does not read. */
    public void send(String text) throws IOException, InterruptedException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int opcode, byte[] bytes) throws IOException, InterruptedException {
        ByteBuffer frame = ByteBuffer.allocate(10 + bytes.length);
        frame.put((byte) (FINAL | opcode));
        if (bytes.length <= CONTROL_MAX) {
            frame.put((byte) bytes.length);
        } else if (bytes.length <= 0xffff) {
            frame.put((byte) 126).putShort((short) bytes.length);
        } else {
            frame.put((byte) 127).putLong(bytes.length);
        }
        byte[] all = new byte[frame.put(bytes).flip().remaining()];
        frame.get(all);
        connection.send(all);
    }

    /** Ends the link without a word, as a device does that is too busy. */
    public void drop() throws IOException {
        connection.close();
    }
}
