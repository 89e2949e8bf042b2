// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Writes the JPEG header that RFC 2435 leaves out of the packets (its appendix B), with what cameras add: quantization tables
 * within the stream, and marker segments in the RTP header extension of ONVIF Streaming 5.1.4, which replace ours. Allocates
 * only when a quantization table is new. One thread at a time.
 */
final class JpegHeader {
    /** RFC 2435 3.1.8: from here on tables come within the stream. */
    static final int Q_DYNAMIC = 128;
    /** RFC 2435 3.1.8: tables may change with every picture, so each brings them. */
    static final int Q_VOLATILE = 255;

    /** RTP header extension of JPEG marker segments: SOI as its profile. */
    static final int EXTENSION_SOI = 0xFFD8;
    /** The same, for packets without segments. */
    static final int EXTENSION_NONE = 0xFFFF;

    private static final int BYTES_MAX = 8192;
    private static final int EXTENSION_BYTES_MAX = 4096;
    private static final int TABLES_BYTES_MAX = 4 * JpegTables.TABLE_BYTES;

    private static final int SOF0 = 0xC0;
    private static final int DHT = 0xC4;
    private static final int DQT = 0xDB;
    private static final int DRI = 0xDD;

    private final ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
    private final ByteBuffer extension = ByteBuffer.allocate(EXTENSION_BYTES_MAX);
    /** Tables within the stream by Q, each with its precision byte in front. */
    private final byte[][] dynamic = new byte[Q_VOLATILE - Q_DYNAMIC][];

    private byte[] tables = new byte[0];
    private boolean tablesKnown;
    private int scaledQ = -1;
    private final ByteBuffer scaled = ByteBuffer.allocate(2 * JpegTables.TABLE_BYTES);

    private boolean hasFrame;
    private boolean hasQuantization;
    private boolean hasHuffman;
    private boolean hasRestart;
    private int frameAt;

    /** {@return the header: its bytes from 0 to its position} */
    ByteBuffer bytes() {
        return out;
    }

    /** Starts a picture without extension. */
    void clear() {
        extension.clear();
        hasFrame = false;
        hasQuantization = false;
        hasHuffman = false;
        hasRestart = false;
        tablesKnown = false;
    }

    /** Takes the marker segments of an RTP header extension; what is not of use or torn is left out. */
    void extend(ByteBuffer in, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (end - at >= 4 && (in.get(at) & 0xFF) == 0xFF) {
            int marker = in.get(at + 1) & 0xFF;
            int size = 2 + (in.getShort(at + 2) & 0xFFFF);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (size < 4 || size > end - at || size > extension.remaining()) {
                return;
            }
            take(in, at, marker, size);
            at += size;
        }
    }

    private void take(ByteBuffer in, int at, int marker, int size) {
        if (marker == SOF0
                && (size < 11 || size < 10 + 3 * in.get(at + 9) || in.get(at + 9) < 1 || in.get(at + 9) > 4)) {
            return;
        }
        hasQuantization |= marker == DQT;
        hasHuffman |= marker == DHT;
        hasRestart |= marker == DRI;
        if (marker == SOF0) {
            hasFrame = true;
            frameAt = extension.position();
        } else if (marker != DQT && marker != DHT && marker != DRI) {
            return;
        }
        extension.put(extension.position(), in, at, size).position(extension.position() + size);
    }

    /** {@return whether the extension told the size of the picture} */
    boolean hasFrame() {
        return hasFrame;
    }

    int frameWidth() {
        return extension.getShort(frameAt + 7) & 0xFFFF;
    }

    int frameHeight() {
        return extension.getShort(frameAt + 5) & 0xFFFF;
    }

    /**
     * Takes quantization tables out of the stream.
     *
     * @param q 128 to 255
     * @param precision bit i set: table i has values of 16 bits
     * @param length 0 when the tables are those sent before for this Q
     */
    void tables(ByteBuffer in, int q, int precision, int offset, int length) {
        int slot = q - Q_DYNAMIC;
        byte[] known = q == Q_VOLATILE ? tables : dynamic[slot];
        if (length > 0 && length <= TABLES_BYTES_MAX && !same(known, in, precision, offset, length)) {
            known = new byte[1 + length];
            known[0] = (byte) precision;
            in.get(offset, known, 1, length);
        }
        if (q != Q_VOLATILE) {
            dynamic[slot] = known;
        } else if (length == 0) {
            return;
        }
        tables = known == null ? tables : known;
        tablesKnown = known != null && known.length > JpegTables.TABLE_BYTES;
    }

    private static boolean same(byte[] known, ByteBuffer in, int precision, int offset, int length) {
        if (known == null || known.length != 1 + length || known[0] != (byte) precision) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[1 + i] != in.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes the header.
     *
     * @param half whether chrominance is halved in height too: type 1, 4:2:0, instead of type 0, 4:2:2
     * @param q of the main header
     * @param restartInterval 0 for none
     * @return false when quantization tables are missing
     */
    boolean write(boolean half, int q, int width, int height, int restartInterval) {
        out.clear();
        out.putShort((short) 0xFFD8);
        // JFIF 1.1, no density, no thumbnail
        out.putShort((short) 0xFFE0).putShort((short) 16).putInt(0x4A464946).put((byte) 0);
        out.putShort((short) 0x0101).put((byte) 0).putInt(0x0001_0001).putShort((short) 0);
        boolean wide = false;
        int chromaTable = 1;
        if (!hasQuantization) {
            if (q >= Q_DYNAMIC && !tablesKnown || q == 0) {
                return false;
            }
            if (q < Q_DYNAMIC) {
                putScaled(Math.min(99, q));
            } else {
                wide = tables[0] != 0;
                chromaTable = putTables() - 1;
            }
        }
        if (restartInterval > 0 && !hasRestart) {
            out.putShort((short) 0xFFDD).putShort((short) 4).putShort((short) restartInterval);
        }
        if (!hasFrame) {
            // Values of 16 bits are allowed from extended sequential on (ITU-T T.81 table B.4).
            out.putShort((short) (wide ? 0xFFC1 : 0xFFC0)).putShort((short) 17).put((byte) 8);
            out.putShort((short) height).putShort((short) width).put((byte) 3);
            out.put((byte) 1).put((byte) (half ? 0x22 : 0x21)).put((byte) 0);
            out.put((byte) 2).put((byte) 0x11).put((byte) chromaTable);
            out.put((byte) 3).put((byte) 0x11).put((byte) chromaTable);
        }
        if (!hasHuffman) {
            JpegTables.putHuffman(out);
        }
        out.put(out.position(), extension, 0, extension.position()).position(out.position() + extension.position());
        scan();
        return true;
    }

    private void putScaled(int q) {
        if (q != scaledQ) {
            JpegTables.scaled(q, scaled.clear());
            scaledQ = q;
        }
        for (int table = 0; table < 2; table++) {
            out.putShort((short) 0xFFDB)
                    .putShort((short) (3 + JpegTables.TABLE_BYTES))
                    .put((byte) table);
            out.put(scaled.array(), table * JpegTables.TABLE_BYTES, JpegTables.TABLE_BYTES);
        }
    }

    /** {@return how many tables there are, 1 or 2} */
    private int putTables() {
        int at = 1;
        int table = 0;
        while (table < 2) {
            int wide = tables[0] >> table & 1;
            int bytes = JpegTables.TABLE_BYTES << wide;
            if (tables.length - at < bytes) {
                break;
            }
            out.putShort((short) 0xFFDB).putShort((short) (3 + bytes)).put((byte) (wide << 4 | table));
            out.put(tables, at, bytes);
            at += bytes;
            table++;
        }
        return Math.max(1, table);
    }

    private void scan() {
        int components = hasFrame ? extension.get(frameAt + 9) : 3;
        out.putShort((short) 0xFFDA).putShort((short) (6 + 2 * components)).put((byte) components);
        for (int i = 0; i < components; i++) {
            int id = hasFrame ? extension.get(frameAt + 10 + 3 * i) : i + 1;
            out.put((byte) id).put((byte) (i == 0 ? 0x00 : 0x11));
        }
        out.put((byte) 0).put((byte) 63).put((byte) 0);
    }
}
