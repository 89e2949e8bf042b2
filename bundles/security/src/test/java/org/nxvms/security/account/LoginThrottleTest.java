// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A few slips are free, then each wait is twice the last; who guesses keeps nobody out for good. */
class LoginThrottleTest {
    private long nanos = -TimeUnit.HOURS.toNanos(1);
    private final LoginThrottle throttle = new LoginThrottle(() -> nanos);

    private int begin(String username, String address) {
        return throttle.begin(new LoginThrottle.Attempt(username, address, Optional.empty()));
    }

    private int beginAtOwnBrowser(String username, String address) {
        return throttle.begin(new LoginThrottle.Attempt(username, address, Optional.of("browser of " + username)));
    }

    private void succeeded(String username, String address) {
        throttle.succeeded(new LoginThrottle.Attempt(username, address, Optional.empty()));
    }

    private static String robot(int i) {
        return "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
    }

    @Test
    void slowsOneGuesserDownAndNobodyElse() {
        for (int i = 0; i < 5; i++) {
            assertThat(begin("anna", "10.0.0.1")).isZero();
        }
        assertThat(begin("ANNA", "10.0.0.1")).isPositive();
        assertThat(begin("anna", "10.0.0.2")).isZero();
        assertThat(begin("bert", "10.0.0.1")).isZero();
    }

    @Test
    void lettersThatAreTheSameInUpperCaseAreNoOtherName() {
        for (int i = 0; i < 5; i++) {
            begin("boss", "10.0.0.1");
        }
        assertThat(begin("bo\u017f\u017f", "10.0.0.1")).isPositive();
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToFiveMinutes() {
        int last = 0;
        for (int i = 0; i < 40; i++) {
            int wait = begin("anna", "10.0.0.1");
            if (wait > 0) {
                assertThat(wait).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(300);
                last = wait;
                nanos += TimeUnit.SECONDS.toNanos(wait) - 1;
                assertThat(begin("anna", "10.0.0.1")).isEqualTo(1);
                nanos += 1;
            }
        }
        assertThat(last).isEqualTo(300);
    }

    @Test
    void successOrALongRestForgetsTheFailures() {
        for (int i = 0; i < 5; i++) {
            begin("anna", "10.0.0.1");
        }
        succeeded("anna", "10.0.0.1");
        assertThat(begin("anna", "10.0.0.1")).isZero();

        for (int i = 0; i < 10; i++) {
            begin("bert", "10.0.0.2");
        }
        nanos += TimeUnit.MINUTES.toNanos(16);
        assertThat(begin("bert", "10.0.0.2")).isZero();
    }

    @Test
    void oneAddressTryingManyNamesIsSlowedDownToo() {
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            refused += begin("user" + i, "10.0.0.9") > 0 ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(60);
        assertThat(begin("anna", "10.0.0.1")).isZero();
    }

    @Test
    void theAddressesOfOneNetworkOfIpv6AreOneGuesser() {
        for (int i = 0; i < 5; i++) {
            assertThat(begin("anna", "2001:db8:1:2::" + i)).isZero();
        }
        assertThat(begin("anna", "2001:db8:1:2:ffff::1%eth0")).isPositive();
        assertThat(begin("anna", "[2001:db8:1:2::77]")).isPositive();
        assertThat(begin("anna", "2001:db8:1:3::1")).isZero();
        for (int i = 0; i < 5; i++) {
            begin("bert", "::ffff:192.0.2.7");
        }
        assertThat(begin("bert", "192.0.2.7")).isPositive();
    }

    @Test
    void manyMachinesThatGuessOneNameGainLittle() {
        int guesses = 0;
        long hour = nanos + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; nanos < hour; i++) {
            guesses += begin("admin", robot(i)) == 0 ? 1 : 0;
            nanos += TimeUnit.MILLISECONDS.toNanos(100);
        }
        assertThat(guesses).as("of 36 000 tries").isBetween(100, 200);
    }

    @Test
    void whateverTheyDoTheUserComesInByAKnownBrowserAndOnTheMachineItself() {
        for (int i = 0; i < 20_000; i++) {
            begin("admin", robot(i));
            nanos += TimeUnit.MILLISECONDS.toNanos(100);
        }
        assertThat(begin("admin", "192.0.2.7"))
                .as("a stranger waits, a minute at most")
                .isBetween(1, 60);

        assertThat(beginAtOwnBrowser("admin", "192.0.2.7")).isZero();
        assertThat(begin("admin", "127.0.0.1")).isZero();
        assertThat(begin("admin", "0:0:0:0:0:0:0:1")).isZero();
    }

    @Test
    void aKnownBrowserInWrongHandsIsSlowedDownItself() {
        for (int i = 0; i < 5; i++) {
            assertThat(beginAtOwnBrowser("anna", robot(i))).isZero();
        }
        assertThat(beginAtOwnBrowser("anna", robot(6))).isPositive();
        assertThat(begin("anna", "10.9.9.9")).as("and nobody else for it").isZero();
    }

    @Test
    void peopleWhoSignInRightFromOneAddressAreNotSlowedDown() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(begin("anna", "10.0.0.1")).isZero();
            succeeded("anna", "10.0.0.1");
        }
    }

    @Test
    void staysSmallHoweverManyNamesAndBrowsersAreTried() {
        for (int i = 0; i < 100_000; i++) {
            begin("user" + i, robot(i));
            beginAtOwnBrowser("user" + i, robot(i));
        }
        assertThat(throttle.size()).isLessThanOrEqualTo(40_000);
    }
}
