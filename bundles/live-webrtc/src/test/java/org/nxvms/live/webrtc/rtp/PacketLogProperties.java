// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes, what is held is the newest, within its bounds, and begins where it says. */
class PacketLogProperties {
    private static final long BYTES_MAX = 3_000;

    @Property
    void holdsTheNewestWithinItsBounds(
            @ForAll @Size(max = 100) List<@IntRange(min = -400, max = 1_200) Integer> sizes) {
        PacketLog log = new PacketLog(16);
        long keyBefore = PacketLog.NONE;
        long key = PacketLog.NONE;
        for (int size : sizes) {
            boolean isKey = size < 0;
            log.add(new Packet(new byte[Math.abs(size)], true, isKey, log.head(), log.head() * 1_000_000), BYTES_MAX);
            if (isKey) {
                keyBefore = key;
                key = log.head() - 1;
            }
            assertThat(log.head() - log.tail()).isBetween(1L, 16L);
            assertThat(log.bytes()).isLessThanOrEqualTo(BYTES_MAX);
            assertThat(log.newest().timestamp()).isEqualTo(log.head() - 1);
            assertThat(log.newestKey()).isEqualTo(key >= log.tail() ? key : PacketLog.NONE);
            assertThat(log.tail())
                    .as("two groups, or two seconds")
                    .isGreaterThanOrEqualTo(Math.min(keyBefore, key - 2));
            long held = 0;
            for (long number = log.tail(); number < log.head(); number++) {
                assertThat(log.get(number).timestamp()).isEqualTo(number);
                held += log.get(number).heldBytes();
            }
            assertThat(log.bytes()).isEqualTo(held);
        }
    }
}
