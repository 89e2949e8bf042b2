// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

/**
 * Datagrams for one peer that are handed over together: all as long as the first one, but for the last, which may be shorter. That is
 * how packets of a picture are cut, and what kernels take at once. One is enough for a pump, which fills it for one viewer after the
 * other. The pump's thread.
 */
final class Burst {
    /** Kernels take 64 at once; half a key frame is enough. */
    static final int DATAGRAMS_MAX = 32;

    private static final int DATAGRAM_BYTES_MAX = 1_500;

    private final byte[] bytes = new byte[DATAGRAMS_MAX * DATAGRAM_BYTES_MAX];
    private int count;
    private int each;
    private int length;

    void clear() {
        count = 0;
        each = 0;
        length = 0;
    }

    /** {@return whether one of so many bytes may follow} */
    boolean takes(int datagramBytes) {
        boolean allAlike = length == count * each;
        return count == 0 || count < DATAGRAMS_MAX && allAlike && datagramBytes <= each;
    }

    /** Adds one that it {@linkplain #takes takes}. */
    void add(byte[] datagram, int datagramBytes) {
        if (!takes(datagramBytes)) {
            throw new IllegalStateException(datagramBytes + " bytes behind " + count + " of " + each);
        }
        System.arraycopy(datagram, 0, bytes, length, datagramBytes);
        each = count == 0 ? datagramBytes : each;
        length += datagramBytes;
        count++;
    }

    int count() {
        return count;
    }

    /** {@return bytes of each but the last} */
    int each() {
        return each;
    }

    /** {@return all of them, one behind the other, up to {@link #length()}} */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
