// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A few slips are free, then each wait is twice the last; others are not kept waiting. */
class LoginThrottleTest {
    private long nanos = -TimeUnit.HOURS.toNanos(1);
    private final LoginThrottle throttle = new LoginThrottle(() -> nanos);

    @Test
    void slowsOneGuesserDownAndNobodyElse() {
        for (int i = 0; i < 5; i++) {
            assertThat(throttle.begin("anna", "10.0.0.1")).isZero();
        }
        assertThat(throttle.begin("ANNA", "10.0.0.1")).isPositive();
        assertThat(throttle.begin("anna", "10.0.0.2")).isZero();
        assertThat(throttle.begin("bert", "10.0.0.1")).isZero();
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToFiveMinutes() {
        int last = 0;
        for (int i = 0; i < 40; i++) {
            int wait = throttle.begin("anna", "10.0.0.1");
            if (wait > 0) {
                assertThat(wait).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(300);
                last = wait;
                nanos += TimeUnit.SECONDS.toNanos(wait) - 1;
                assertThat(throttle.begin("anna", "10.0.0.1")).isEqualTo(1);
                nanos += 1;
            }
        }
        assertThat(last).isEqualTo(300);
    }

    @Test
    void successOrALongRestForgetsTheFailures() {
        for (int i = 0; i < 5; i++) {
            throttle.begin("anna", "10.0.0.1");
        }
        throttle.succeeded("anna", "10.0.0.1");
        assertThat(throttle.begin("anna", "10.0.0.1")).isZero();

        for (int i = 0; i < 10; i++) {
            throttle.begin("bert", "10.0.0.2");
        }
        nanos += TimeUnit.MINUTES.toNanos(16);
        assertThat(throttle.begin("bert", "10.0.0.2")).isZero();
    }

    @Test
    void oneAddressTryingManyNamesIsSlowedDownToo() {
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            refused += throttle.begin("user" + i, "10.0.0.9") > 0 ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(60);
        assertThat(throttle.begin("anna", "10.0.0.1")).isZero();
    }

    @Test
    void peopleWhoSignInRightFromOneAddressAreNotSlowedDown() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(throttle.begin("anna", "10.0.0.1")).isZero();
            throttle.succeeded("anna", "10.0.0.1");
        }
    }

    @Test
    void staysSmallHoweverManyNamesAreTried() {
        for (int i = 0; i < 100_000; i++) {
            throttle.begin("user" + i, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        assertThat(throttle.size()).isLessThanOrEqualTo(10_000);
    }
}
