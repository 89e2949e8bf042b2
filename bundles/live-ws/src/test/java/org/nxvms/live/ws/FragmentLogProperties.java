// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FragmentLogProperties {
    private static Fragment fragment(Step step) {
        return new Fragment(null, Media.of(7, ByteBuffer.allocate(Media.NUMBER_BYTES + step.size())), step.key());
    }

    private static final long BYTES_MAX = 1_000;
    private static final int FRAGMENTS_MAX = 16;

    record Step(int size, boolean key) {}

    @Property
    void holdsARecentStretchWithinItsBounds(@ForAll("steps") List<Step> steps) {
        FragmentLog log = new FragmentLog(FRAGMENTS_MAX, BYTES_MAX, new LiveMemory(1 << 20));
        List<Fragment> all = new ArrayList<>();
        for (Step step : steps) {
            Fragment fragment = fragment(step);
            log.add(fragment);
            all.add(fragment);
            assertThat(log.head()).isEqualTo(all.size());
            assertThat(log.head() - log.tail()).isBetween(1L, (long) FRAGMENTS_MAX);
            long bytes = 0;
            for (long n = log.tail(); n < log.head(); n++) {
                assertThat(log.get(n)).isSameAs(all.get((int) n));
                bytes += all.get((int) n).length();
            }
            assertThat(log.bytes()).isEqualTo(bytes);
            assertThat(bytes).isLessThanOrEqualTo(Math.max(BYTES_MAX, step.size()));
            checkNewestKey(log, all);
        }
    }

    private static void checkNewestKey(FragmentLog log, List<Fragment> all) {
        long newest = FragmentLog.NONE;
        for (long n = log.tail(); n < log.head(); n++) {
            newest = all.get((int) n).key() ? n : newest;
        }
        assertThat(log.newestKey()).isEqualTo(newest);
        long keysHeld = 0;
        for (long n = log.tail(); n < log.head(); n++) {
            keysHeld += all.get((int) n).key() ? 1 : 0;
        }
        assertThat(keysHeld).as("groups of pictures held").isLessThanOrEqualTo(2);
    }

    @Property
    void theGroupBeingReceivedIsNeverCutWhileItFits(@ForAll("steps") List<Step> steps) {
        FragmentLog log = new FragmentLog(FRAGMENTS_MAX, BYTES_MAX, new LiveMemory(1 << 20));
        long sinceKey = 0;
        int count = 0;
        boolean complete = false;
        for (Step step : steps) {
            log.add(fragment(step));
            sinceKey = step.key() ? step.size() : sinceKey + step.size();
            count = step.key() ? 1 : count + 1;
            complete = step.key() || complete && sinceKey <= BYTES_MAX && count <= FRAGMENTS_MAX;
            if (complete) {
                assertThat(log.head() - log.newestKey()).isEqualTo(count);
            }
        }
    }

    /** Every third step goes to another stream; together they may hold no more than two of them wish to. */
    @Property
    void allStreamsTogetherKeepTheBound(@ForAll("steps") List<Step> steps) {
        LiveMemory memory = new LiveMemory(2_000);
        List<FragmentLog> logs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            logs.add(new FragmentLog(FRAGMENTS_MAX, BYTES_MAX, memory));
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            FragmentLog log = logs.get(i % 3);
            assertThat(log.add(fragment(step))).isTrue();
            long sum = logs.stream().mapToLong(FragmentLog::bytes).sum();
            assertThat(memory.heldBytes()).isEqualTo(sum).isLessThanOrEqualTo(1_500);
        }
        logs.forEach(memory::remove);
        assertThat(memory.heldBytes()).isZero();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.integers().between(1, 400), Arbitraries.of(true, false, false, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
