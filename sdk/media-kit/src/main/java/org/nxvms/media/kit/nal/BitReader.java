// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

/**
 * Reads bits and Exp-Golomb codes (ITU-T H.264 9.1) and fails, never loops, at the end of the data. One thread at a time.
 */
final class BitReader {
    private final byte[] data;
    private final int endBit;
    private int bit;

    BitReader(byte[] data, int offset, int length) {
        this.data = data;
        this.bit = offset * 8;
        this.endBit = (offset + length) * 8;
    }

    /**
     * Copies a NAL unit without its emulation prevention bytes (00 00 03 becomes 00 00, H.264 7.3.1). The bound keeps a
     * hostile "parameter set" from costing more than a small copy.
     */
    static BitReader ofNal(byte[] nal, int headerBytes, int lengthMax) throws NalException {
        if (nal.length <= headerBytes || nal.length > lengthMax) {
            throw new NalException(
                    "parameter set of " + nal.length + " bytes, expected " + (headerBytes + 1) + " to " + lengthMax);
        }
        byte[] rbsp = new byte[nal.length - headerBytes];
        int size = 0;
        int zeros = 0;
        for (int i = headerBytes; i < nal.length; i++) {
            byte b = nal[i];
            if (zeros >= 2 && b == 3) {
                zeros = 0;
                continue;
            }
            zeros = b == 0 ? zeros + 1 : 0;
            rbsp[size++] = b;
        }
        return new BitReader(rbsp, 0, size);
    }

    int remaining() {
        return endBit - bit;
    }

    /** {@return bits from the beginning of the array to the next one} */
    int position() {
        return bit;
    }

    /** {@return a bit that is left, counted from the last one} */
    boolean bitFromEnd(int number) throws NalException {
        if (number >= remaining()) {
            throw new NalException("nothing but zeros");
        }
        int at = endBit - 1 - number;
        return (data[at >> 3] >> (7 - (at & 7)) & 1) == 1;
    }

    int bits(int count) throws NalException {
        if (count > remaining()) {
            throw new NalException("data ends " + (count - remaining()) + " bits early");
        }
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value = value << 1 | (data[bit >> 3] >> (7 - (bit & 7)) & 1);
        }
        return value;
    }

    /** The next bits, which stay the next ones. */
    int peek(int count) throws NalException {
        int value = bits(count);
        bit -= count;
        return value;
    }

    long bits32() throws NalException {
        return (long) bits(16) << 16 | bits(16);
    }

    boolean flag() throws NalException {
        return bits(1) == 1;
    }

    void skip(int count) throws NalException {
        if (count > remaining()) {
            throw new NalException("data ends " + (count - remaining()) + " bits early");
        }
        bit += count;
    }

    /** Unsigned Exp-Golomb, refused above {@code max}. */
    int ue(int max, String name) throws NalException {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > 31) {
                throw new NalException(name + " is not an Exp-Golomb code");
            }
        }
        long value = (1L << zeros) - 1 + (zeros == 0 ? 0 : bits(zeros) & 0xFFFFFFFFL);
        if (value > max) {
            throw new NalException(name + " is " + value + ", at most " + max + " makes sense");
        }
        return (int) value;
    }

    /** Signed Exp-Golomb. */
    int se(String name) throws NalException {
        int code = ue(Integer.MAX_VALUE, name);
        return (code & 1) == 1 ? (int) ((code + 1L) >> 1) : -(code >> 1);
    }
}
