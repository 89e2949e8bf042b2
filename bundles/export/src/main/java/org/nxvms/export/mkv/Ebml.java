// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.mkv;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts EBML elements together (RFC 8794): id, length, content. One thread. */
final class Ebml {
    private static final int VOID = 0xEC;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    /** An element of others. */
    Ebml master(int id, Ebml content) {
        return binary(id, content.toBytes());
    }

    Ebml number(int id, long value) {
        int bytes = Math.max(1, (71 - Long.numberOfLeadingZeros(value)) / 8);
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (value >>> 8 * (bytes - 1 - i));
        }
        return binary(id, content);
    }

    Ebml real(int id, double value) {
        long bits = Double.doubleToLongBits(value);
        byte[] content = new byte[8];
        for (int i = 0; i < 8; i++) {
            content[i] = (byte) (bits >>> 8 * (7 - i));
        }
        return binary(id, content);
    }

    Ebml text(int id, String value) {
        return binary(id, value.getBytes(StandardCharsets.UTF_8));
    }

    Ebml binary(int id, byte[] content) {
        id(id);
        length(content.length);
        out.writeBytes(content);
        return this;
    }

    /** A number that takes eight bytes, whatever it is, so that another can be written in its place. */
    Ebml place(int id, long value) {
        return binary(id, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** Fills so many bytes, two at least and 128 at most, with what means nothing (RFC 8794 11.3.2). */
    Ebml nothing(int bytes) {
        return binary(VOID, new byte[bytes - 2]);
    }

    /** The head of an element, its length in eight bytes, so that it can be written in the place of {@link #open}. */
    Ebml closed(int id, long bytes) {
        id(id);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(1L << 56 | bytes).array());
        return this;
    }

    /** The head of an element whose end nobody knows yet (RFC 8794 6.2). */
    Ebml open(int id) {
        id(id);
        out.write(0x01);
        for (int i = 0; i < 7; i++) {
            out.write(0xFF);
        }
        return this;
    }

    /** The head of an element whose content follows elsewhere. */
    Ebml head(int id, long bytes) {
        id(id);
        length(bytes);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void id(int id) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                out.write(id >>> shift);
            }
        }
    }

    /** As short as it can be; all ones would mean that it is not known. */
    private void length(long value) {
        int bytes = 1;
        while (value >= (1L << 7 * bytes) - 1) {
            bytes++;
        }
        long marked = value | 1L << 7 * bytes;
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (marked >>> shift));
        }
    }
}
