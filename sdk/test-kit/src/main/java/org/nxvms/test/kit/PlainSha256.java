// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** SHA-256's compression as FIPS 180-4 6.2.2 writes it, to stand for a native one on machines that have none. */
public final class PlainSha256 {
    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    private PlainSha256() {}

    /**
     * Takes one block of 64 bytes into a state of eight words.
     *
     * @param states in whatever order of bytes it is kept
     * @param at where the state begins
     * @param from where the block begins
     */
    public static void compress(ByteBuffer states, int at, ByteBuffer bytes, int from) {
        ByteBuffer big = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        int[] w = new int[64];
        for (int t = 0; t < 64; t++) {
            w[t] = t < 16
                    ? big.getInt(from + 4 * t)
                    : small(w[t - 2], 17, 19, 10) + w[t - 7] + small(w[t - 15], 7, 18, 3) + w[t - 16];
        }
        int[] v = new int[8];
        for (int i = 0; i < 8; i++) {
            v[i] = states.getInt(at + 4 * i);
        }
        for (int t = 0; t < 64; t++) {
            int first = v[7] + large(v[4], 6, 11, 25) + (v[4] & v[5] ^ ~v[4] & v[6]) + K[t] + w[t];
            int second = large(v[0], 2, 13, 22) + (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]);
            System.arraycopy(v, 0, v, 1, 7);
            v[4] += first;
            v[0] = first + second;
        }
        for (int i = 0; i < 8; i++) {
            states.putInt(at + 4 * i, states.getInt(at + 4 * i) + v[i]);
        }
    }

    private static int small(int x, int a, int b, int shift) {
        return Integer.rotateRight(x, a) ^ Integer.rotateRight(x, b) ^ x >>> shift;
    }

    private static int large(int x, int a, int b, int c) {
        return Integer.rotateRight(x, a) ^ Integer.rotateRight(x, b) ^ Integer.rotateRight(x, c);
    }
}
