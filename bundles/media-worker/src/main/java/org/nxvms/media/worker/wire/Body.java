// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts a frame's body together, and takes one apart: numbers big-endian, texts and bytes behind their length. */
public final class Body {
    /** Entries of a list; more than any order has. */
    private static final int LIST_MAX = 64;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    public Body number(int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    public Body whole(long value) {
        return number((int) (value >>> 32)).number((int) value);
    }

    public Body flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    /** A text; what is too long is cut. */
    public Body text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, FrameType.TEXT_BYTES_MAX);
        number(length);
        out.write(utf8, 0, length);
        return this;
    }

    public Body texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    public Body bytes(byte[] bytes) {
        number(bytes.length);
        out.write(bytes, 0, bytes.length);
        return this;
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    // ---- reading ----

    public static int number(ByteBuffer in) throws WireException {
        try {
            return in.getInt();
        } catch (BufferUnderflowException shortBody) {
            throw new WireException("a frame is too short");
        }
    }

    public static long whole(ByteBuffer in) throws WireException {
        return (long) number(in) << 32 | number(in) & 0xFFFF_FFFFL;
    }

    public static boolean flag(ByteBuffer in) throws WireException {
        if (!in.hasRemaining()) {
            throw new WireException("a frame is too short");
        }
        return in.get() != 0;
    }

    public static String text(ByteBuffer in) throws WireException {
        return new String(bytes(in, FrameType.TEXT_BYTES_MAX), StandardCharsets.UTF_8);
    }

    public static List<String> texts(ByteBuffer in) throws WireException {
        int count = number(in);
        if (count < 0 || count > LIST_MAX) {
            throw new WireException("a list of " + count + " entries");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    /** @param max most bytes that make sense here */
    public static byte[] bytes(ByteBuffer in, int max) throws WireException {
        int length = number(in);
        if (length < 0 || length > max || length > in.remaining()) {
            throw new WireException("a field of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
