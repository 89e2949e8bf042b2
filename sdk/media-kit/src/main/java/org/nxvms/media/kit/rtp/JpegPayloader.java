// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Motion JPEG (RFC 2435): the scan in fragments, quantization tables with each picture. A picture that the RFC's numbers cannot
 * describe (wider than 2040 pixels, Huffman tables or sampling of its own) brings its marker segments in the header extension
 * of ONVIF Streaming 5.1.3 besides.
 */
final class JpegPayloader implements Payloader {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOF0 = 0xC0;
    private static final int SOF1 = 0xC1;
    private static final int DHT = 0xC4;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DRI = 0xDD;
    private static final int TABLES_MAX = 4;
    private static final int EXTENSION_BYTES_MAX = 2048;
    /** With all quantization tables it fits the extension; three components need 19. */
    private static final int FRAME_BYTES_MAX = 1024;
    /** Of the main header, in blocks of eight. */
    private static final int SIDE_MAX = 2040;

    private static final byte[] HUFFMAN = standardHuffman();

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int[] tableAt = new int[TABLES_MAX];
    private final ByteBuffer extension = ByteBuffer.allocate(EXTENSION_BYTES_MAX);
    private final ByteBuffer huffman = ByteBuffer.allocate(EXTENSION_BYTES_MAX);
    /** The Huffman tables of the picture before, and whether they are the usual ones: a camera's are always the same. */
    private final byte[] judged = new byte[EXTENSION_BYTES_MAX];

    private int judgedBytes;
    private boolean judgedStandard = true;
    private int frameAt;
    private int scanAt;
    private int restartInterval;
    private boolean ownTables;
    private long leftOut;

    private static byte[] standardHuffman() {
        ByteBuffer out = ByteBuffer.allocate(512);
        JpegTables.putHuffman(out);
        byte[] all = new byte[out.position()];
        out.get(0, all);
        return all;
    }

    @Override
    public long leftOut() {
        return leftOut;
    }

    @Override
    public void cut(ByteBuffer unit, boolean key, Sink sink) throws IOException {
        if (!read(unit)) {
            leftOut++;
            return;
        }
        int width = unit.getShort(frameAt + 7) & 0xFFFF;
        int height = unit.getShort(frameAt + 5) & 0xFFFF;
        if (!isPlain(unit, width, height)) {
            describe(unit);
        }
        int end = scanEnd(unit);
        int type = (unit.get(frameAt + 11) & 0xFF) == 0x21 ? 0 : 1;
        for (int from = scanAt; from < end; ) {
            ByteBuffer out = sink.begin(from == scanAt ? extension : NOTHING);
            int limit = out.position() + PAYLOAD_BYTES_MAX;
            out.putInt(from - scanAt)
                    .put((byte) (restartInterval > 0 ? type | 64 : type))
                    .put((byte) 255);
            out.put((byte) (width > SIDE_MAX ? 0 : width + 7 >> 3))
                    .put((byte) (height > SIDE_MAX ? 0 : height + 7 >> 3));
            if (restartInterval > 0) {
                out.putShort((short) restartInterval).putShort((short) 0xFFFF);
            }
            if (from == scanAt) {
                putTables(out, unit);
            }
            int size = Math.min(limit - out.position(), end - from);
            NalPayloader.put(out, unit, from, size);
            from += size;
            sink.end(from == end, 0);
        }
    }

    private void putTables(ByteBuffer out, ByteBuffer unit) {
        if (ownTables) {
            out.putInt(0);
            return;
        }
        out.putShort((short) 0).putShort((short) (2 * JpegTables.TABLE_BYTES));
        for (int component = 0; component < 2; component++) {
            NalPayloader.put(out, unit, tableAt[tableOf(unit, component)], JpegTables.TABLE_BYTES);
        }
    }

    private int tableOf(ByteBuffer unit, int component) {
        int known = Math.min(component, components(unit) - 1);
        return unit.get(frameAt + 12 + 3 * known) & 3;
    }

    private int components(ByteBuffer unit) {
        return unit.get(frameAt + 9) & 0xFF;
    }

    /** {@return whether all that matters is there, and the scan is one that the RFC's header fits} */
    private boolean read(ByteBuffer unit) {
        Arrays.fill(tableAt, -1);
        frameAt = -1;
        restartInterval = 0;
        ownTables = false;
        extension.clear().limit(0);
        scanAt = -1;
        huffman.clear();
        int at = unit.position();
        if (unit.remaining() < 4 || (unit.getShort(at) & 0xFFFF) != (0xFF00 | SOI)) {
            return false;
        }
        at += 2;
        while (unit.limit() - at >= 4 && (unit.get(at) & 0xFF) == 0xFF) {
            int marker = unit.get(at + 1) & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            int size = 2 + (unit.getShort(at + 2) & 0xFFFF);
            if (size < 4 || size > unit.limit() - at || !take(unit, at, marker, size)) {
                return false;
            }
            at += size;
            if (marker == SOS) {
                scanAt = at;
                return frameAt >= 0 && isComplete(unit);
            }
        }
        return false;
    }

    private boolean take(ByteBuffer unit, int at, int marker, int size) {
        switch (marker) {
            case SOF0, SOF1 -> {
                frameAt = at;
                return size >= 10
                        && size <= FRAME_BYTES_MAX
                        && size >= 10 + 3 * components(unit)
                        && components(unit) > 0
                        && unit.get(at + 4) == 8;
            }
            case DQT -> tables(unit, at + 4, at + size);
            case DHT -> {
                if (size > huffman.remaining()) {
                    return false;
                }
                NalPayloader.put(huffman, unit, at, size);
            }
            case DRI -> restartInterval = size < 6 ? 0 : unit.getShort(at + 4) & 0xFFFF;
            case SOS -> {
                return isPlainScan(unit, at, size);
            }
            default -> {
                // Other kinds of frames (progressive, arithmetic) have no packets.
                return marker < SOF0 || marker > 0xCF;
            }
        }
        return true;
    }

    private void tables(ByteBuffer unit, int from, int end) {
        int at = from;
        while (at < end) {
            int head = unit.get(at) & 0xFF;
            int bytes = JpegTables.TABLE_BYTES << (head >> 4 != 0 ? 1 : 0);
            if (at + 1 + bytes > end) {
                return;
            }
            ownTables |= head >> 4 != 0;
            tableAt[head & 3] = at + 1;
            at += 1 + bytes;
        }
    }

    /** All components in one scan, the first by the Huffman tables 0, the others by 1: what the RFC's header says. */
    private boolean isPlainScan(ByteBuffer unit, int at, int size) {
        if (frameAt < 0) {
            return false;
        }
        int components = components(unit);
        if (size < 8 + 2 * components || (unit.get(at + 4) & 0xFF) != components) {
            return false;
        }
        for (int i = 0; i < components; i++) {
            if ((unit.get(at + 6 + 2 * i) & 0xFF) != (i == 0 ? 0x00 : 0x11)) {
                return false;
            }
        }
        return true;
    }

    private boolean isComplete(ByteBuffer unit) {
        for (int i = 0; i < components(unit); i++) {
            if (tableAt[unit.get(frameAt + 12 + 3 * i) & 3] < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isPlain(ByteBuffer unit, int width, int height) {
        int sampling = unit.get(frameAt + 11) & 0xFF;
        boolean colours = components(unit) == 3
                && (sampling == 0x21 || sampling == 0x22)
                && unit.get(frameAt + 14) == 0x11
                && unit.get(frameAt + 17) == 0x11
                && tableOf(unit, 1) == tableOf(unit, 2);
        return colours && !ownTables && width <= SIDE_MAX && height <= SIDE_MAX && isStandardHuffman();
    }

    private boolean isStandardHuffman() {
        int bytes = huffman.position();
        if (!Arrays.equals(huffman.array(), 0, bytes, judged, 0, judgedBytes)) {
            judgedStandard = bytes == 0
                    || joined(huffman).equals(joined(ByteBuffer.wrap(HUFFMAN).position(HUFFMAN.length)));
            System.arraycopy(huffman.array(), 0, judged, 0, bytes);
            judgedBytes = bytes;
        }
        return judgedStandard;
    }

    /** {@return the tables in all segments up to the position, one behind the other, in the order of their numbers} */
    private static SortedMap<Integer, ByteBuffer> joined(ByteBuffer segments) {
        SortedMap<Integer, ByteBuffer> tables = new TreeMap<>();
        int at = 0;
        while (segments.position() - at >= 4) {
            int end = at + 2 + (segments.getShort(at + 2) & 0xFFFF);
            int table = at + 4;
            while (end - table >= 17) {
                int bytes = 17;
                for (int i = 1; i <= 16; i++) {
                    bytes += segments.get(table + i) & 0xFF;
                }
                if (bytes > end - table) {
                    break;
                }
                tables.put(segments.get(table) & 0xFF, segments.slice(table, bytes));
                table += bytes;
            }
            at = end;
        }
        return tables;
    }

    /** Writes the segments that go into the extension. */
    private void describe(ByteBuffer unit) {
        extension.clear();
        int frameBytes = 2 + (unit.getShort(frameAt + 2) & 0xFFFF);
        NalPayloader.put(extension, unit, frameAt, frameBytes);
        // Told as baseline: the depacketizers of others know no other.
        extension.put(1, (byte) SOF0);
        for (int table = 0; ownTables && table < TABLES_MAX; table++) {
            if (tableAt[table] >= 0) {
                int head = unit.get(tableAt[table] - 1) & 0xFF;
                int bytes = JpegTables.TABLE_BYTES << (head >> 4 != 0 ? 1 : 0);
                extension
                        .putShort((short) (0xFF00 | DQT))
                        .putShort((short) (3 + bytes))
                        .put((byte) head);
                NalPayloader.put(extension, unit, tableAt[table], bytes);
            }
        }
        if (huffman.position() > 0 && huffman.position() <= extension.remaining()) {
            extension.put(huffman.flip());
        }
        extension.flip();
    }

    /** {@return where the scan ends: EOI stays out, each receiver puts it back} */
    private int scanEnd(ByteBuffer unit) {
        int end = unit.limit();
        boolean marked = end - scanAt >= 2 && (unit.getShort(end - 2) & 0xFFFF) == (0xFF00 | EOI);
        return marked ? end - 2 : end;
    }
}
