// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The tables that RFC 2435 leaves out of the packets: Huffman tables of ITU-T T.81 annex K.3, quantization tables of annex K.1
 * scaled by Q (RFC 2435 4.2 and appendix A).
 */
public final class JpegTables {
    /** Bytes of one quantization table of 8 bit values. */
    static final int TABLE_BYTES = 64;

    private static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60,
        61, 54, 47, 55, 62, 63
    };
    /** Table K.1, luminance, row by row. */
    private static final int[] LUMA = {
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
        51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
        120, 101, 72, 92, 95, 98, 112, 100, 103, 99
    };
    /** Table K.2, chrominance, row by row. */
    private static final int[] CHROMA = {
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99
    };
    /** DHT segments of tables K.3 to K.6: DC and AC of luminance, DC and AC of chrominance. */
    private static final byte[] HUFFMAN = huffman();

    private JpegTables() {}

    /** Writes the luminance and the chrominance table for Q = 1..99, in zigzag order. */
    static void scaled(int q, ByteBuffer out) {
        int factor = q < 50 ? 5000 / q : 200 - 2 * q;
        put(LUMA, factor, out);
        put(CHROMA, factor, out);
    }

    private static void put(int[] table, int factor, ByteBuffer out) {
        for (int i = 0; i < TABLE_BYTES; i++) {
            int value = (table[ZIGZAG[i]] * factor + 50) / 100;
            out.put((byte) Math.max(1, Math.min(255, value)));
        }
    }

    /** {@return the DHT segments of the usual tables (T.81 K.3), for an image that came without; read-only, a buffer for each call} */
    public static ByteBuffer huffmanTables() {
        return ByteBuffer.wrap(HUFFMAN).asReadOnlyBuffer();
    }

    static void putHuffman(ByteBuffer out) {
        out.put(HUFFMAN);
    }

    private static byte[] huffman() {
        String[] tables = {
            "00" + "00010501010101010100000000000000" + "000102030405060708090a0b",
            "10" + "0002010303020403050504040000017d"
                    + "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a"
                    + "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a929394"
                    + "95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8"
                    + "e9eaf1f2f3f4f5f6f7f8f9fa",
            "01" + "00030101010101010101010000000000" + "000102030405060708090a0b",
            "11" + "00020102040403040705040400010277"
                    + "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728"
                    + "292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92"
                    + "939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7"
                    + "e8e9eaf2f3f4f5f6f7f8f9fa"
        };
        ByteBuffer out = ByteBuffer.allocate(512);
        for (String table : tables) {
            byte[] bytes = HexFormat.of().parseHex(table);
            out.putShort((short) 0xFFC4).putShort((short) (2 + bytes.length)).put(bytes);
        }
        byte[] all = new byte[out.position()];
        out.get(0, all);
        return all;
    }
}
