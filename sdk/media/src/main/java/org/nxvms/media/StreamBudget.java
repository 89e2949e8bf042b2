// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

/**
 * Memory of a stream's first ring, reserved when the stream starts. The hub replaces it by a larger one when the stream
 * turns out to need it.
 *
 * @param ringBytes bytes of payload the ring holds, 256 KiB..1 GiB; enough for some seconds and two GOPs. What a stalled
 *     recorder needs beyond comes from {@link StreamReader#keepUnread}
 * @param accessUnits number of access units the ring holds, 64..1_048_576, rounded up to a power of 2
 * @param accessUnitBytesMax an access unit above this is refused (bounds a hostile camera); at most
 *     a quarter of {@code ringBytes}
 */
public record StreamBudget(int ringBytes, int accessUnits, int accessUnitBytesMax) {
    public StreamBudget {
        if (ringBytes < 256 << 10 || ringBytes > 1 << 30) {
            throw new IllegalArgumentException("ringBytes must be 256 KiB..1 GiB, not " + ringBytes);
        }
        if (accessUnits < 64 || accessUnits > 1 << 20) {
            throw new IllegalArgumentException("accessUnits must be 64..1048576, not " + accessUnits);
        }
        if (accessUnitBytesMax < 1024 || accessUnitBytesMax > ringBytes / 4) {
            throw new IllegalArgumentException(
                    "accessUnitBytesMax must be 1024..ringBytes/4, not " + accessUnitBytesMax);
        }
    }

    /**
     * A budget for a stream of about this bit rate: 5 seconds of payload, at least 1 MiB.
     *
     * @param bitrateBps expected bits per second, video and audio together
     */
    public static StreamBudget forBitrate(long bitrateBps) {
        long bytes = Math.min(1L << 30, Math.max(1L << 20, bitrateBps / 8 * 5));
        return new StreamBudget((int) bytes, 2048, (int) Math.min(bytes / 4, 8L << 20));
    }
}
