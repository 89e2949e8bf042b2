// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A network that loses, doubles and mixes up packets, against the window that puts them in order. */
class ReorderWindowProperties {
    private static final long WAIT_NS = 100_000_000;
    private static final long PACKET_NS = 1_000_000;

    private final List<Integer> out = new ArrayList<>();
    private ReorderWindow window = fresh();
    private final ByteBuffer packet = ByteBuffer.allocate(4096);

    private ReorderWindow fresh() {
        out.clear();
        return new ReorderWindow((in, offset, length) -> out.add(in.getInt(offset)), WAIT_NS);
    }

    private void send(int number, int first, long nowNs) {
        packet.putInt(7, number);
        window.accept(packet, 7, 4 + number % 50, first + number & 0xFFFF, nowNs);
    }

    @Property(tries = 300)
    void packetsMixedUpWithinTheWindowComeOutInOrderAndAllOfThem(
            @ForAll @IntRange(max = 0xFFFF) int first,
            @ForAll @IntRange(min = 1, max = 30) int spread,
            @ForAll Random random) {
        window = fresh();
        List<Integer> order = mixed(1000, spread, random);
        for (int i = 0; i < order.size(); i++) {
            send(order.get(i), first, i * PACKET_NS);
        }
        assertThat(out).hasSize(1000).isSorted();
    }

    @Property(tries = 300)
    void whatIsLostIsMissingAndNothingElse(
            @ForAll @IntRange(max = 0xFFFF) int first,
            @ForAll @IntRange(min = 2, max = 40) int every,
            @ForAll Random random) {
        window = fresh();
        Set<Integer> lost = new HashSet<>();
        List<Integer> order = mixed(2000, 10, random);
        for (int i = 0; i < order.size(); i++) {
            int number = order.get(i);
            if (number > 20 && random.nextInt(every) == 0) {
                lost.add(number);
            } else {
                send(number, first, i * PACKET_NS);
                if (random.nextInt(20) == 0) {
                    send(number, first, i * PACKET_NS);
                }
            }
            window.tick(i * PACKET_NS);
        }
        window.tick(order.size() * PACKET_NS + WAIT_NS);
        assertThat(out).isSorted().doesNotHaveDuplicates().doesNotContainAnyElementsOf(lost);
        assertThat(out.size()).as("each gap costs no other packet").isEqualTo(2000 - lost.size());
    }

    /** Each packet is late by at most {@code spread} places; the first one is first. */
    private static List<Integer> mixed(int count, int spread, Random random) {
        List<long[]> keyed = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            keyed.add(new long[] {n == 0 ? -1 : n * 1000L + random.nextInt(spread * 1000), n});
        }
        keyed.sort((a, b) -> Long.compare(a[0], b[0]));
        return keyed.stream().map(pair -> (int) pair[1]).toList();
    }

    @Test
    void aMissingPacketHoldsTheOthersUpOnlySoLong() {
        send(0, 0, 0);
        send(2, 0, 1_000_000);
        send(3, 0, 2_000_000);
        window.tick(WAIT_NS);
        assertThat(out).containsExactly(0);
        window.tick(WAIT_NS + 1_000_000);
        assertThat(out).containsExactly(0, 2, 3);
        send(1, 0, WAIT_NS + 2_000_000);
        assertThat(out).containsExactly(0, 2, 3);
        assertThat(window.late()).isEqualTo(1);
    }

    @Test
    void aBurstLongerThanTheWindowIsGivenOutAndASourceThatRestartsIsFollowed() {
        send(0, 0, 0);
        for (int number = 2; number < 2 + ReorderWindow.SLOTS; number++) {
            send(number, 0, 0);
        }
        assertThat(out).hasSize(1 + ReorderWindow.SLOTS).isSorted();
        send(30_000, 0, 0);
        send(30_001, 0, 0);
        send(5, 0, 0);
        send(6, 0, 0);
        assertThat(out).endsWith(30_000, 30_001, 5, 6);
    }

    @Test
    void aPacketTooLongToWaitDoesNot() {
        send(0, 0, 0);
        send(2, 0, 0);
        packet.putInt(7, 4);
        window.accept(packet, 7, 3000, 4, 0);
        assertThat(out).containsExactly(0, 2, 4);
    }

    /** Numbers are what a hostile sender chooses: the last slot's is the one whose longer twin would not fit. */
    @Test
    void aLongTwinOfAPacketThatWaitsIsOneTooMany() {
        int last = ReorderWindow.SLOTS - 1;
        send(0, 0, 0);
        send(last, 0, 0);
        packet.putInt(7, 1000);
        window.accept(packet, 7, 3000, last, 0);
        send(last + 1, 0, 0);
        assertThat(out).containsExactly(0, last, last + 1);
        assertThat(window.late()).isEqualTo(1);
    }
}
