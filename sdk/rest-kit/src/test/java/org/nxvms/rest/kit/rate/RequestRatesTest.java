// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
    /** Near its end, where a clock of this kind may well be. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1));

    private final RequestRates rates = new RequestRates(nanos::get);

    private long taken(String key, int tries) {
        return IntStream.range(0, tries).filter(i -> rates.take(key) == 0).count();
    }

    @Test
    void soManyAtOnceAndSoManyASecondFromThenOn() {
        rates.limit(10, 50);

        assertThat(taken("a", 200)).isEqualTo(50);
        assertThat(rates.take("a")).isEqualTo(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(taken("a", 200)).as("over the end of the clock").isEqualTo(20);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(taken("a", 200))
                .as("a long rest is worth no more than the burst")
                .isEqualTo(50);
    }

    @Test
    void theWaitIsLongEnoughAndOthersDoNotWait() {
        rates.limit(1, 1);
        assertThat(rates.take("a")).isZero();
        int wait = rates.take("a");
        assertThat(rates.take("b")).isZero();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(wait));

        assertThat(rates.take("a")).isZero();
    }

    @Test
    void manyKeysTakeNoMoreRoom() {
        rates.limit(1, 1);

        IntStream.range(0, 3 * RequestRates.ENTRIES_MAX).forEach(i -> rates.take("k" + i));

        assertThat(rates.size()).isEqualTo(RequestRates.ENTRIES_MAX);
    }

    @Test
    void withoutALimitNothingIsCounted() {
        rates.limit(0, 1);

        assertThat(taken("a", 100)).isEqualTo(100);
        assertThat(rates.size()).isZero();
        assertThatThrownBy(() -> rates.limit(1, 0)).hasMessageContaining("1 or more at once");
    }

    @Test
    void anIpv6NetworkIsOneAndTheMachineItselfIsTold() {
        assertThat(Networks.of("192.0.2.7")).isEqualTo("192.0.2.7");
        assertThat(Networks.of("2001:db8::1")).isEqualTo(Networks.of("[2001:db8::ffff:1%eth0]"));
        assertThat(Networks.of("2001:db8:0:1::1")).isNotEqualTo(Networks.of("2001:db8::1"));
        assertThat(Networks.of("::ffff:192.0.2.7")).isEqualTo("192.0.2.7");
        assertThat(Networks.isLoopback(Networks.of("127.0.0.9"))).isTrue();
        assertThat(Networks.isLoopback(Networks.of("0:0:0:0:0:0:0:1"))).isTrue();
        assertThat(Networks.isLoopback(Networks.of("192.0.2.7"))).isFalse();
    }
}
