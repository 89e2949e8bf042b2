// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Downloads are looked at once a minute: who takes a package goes on, who hardly does is broken off. */
class PaceTest {
    /** A package that is taken as the test says. */
    private static class MadeUp implements Pace.Download {
        long sent;
        boolean waits = true;
        boolean over;
        int looks;
        int breaks;

        @Override
        public long sent() {
            looks++;
            return sent;
        }

        @Override
        public boolean waitsForClient() {
            return waits;
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public void breakOff() {
            breaks++;
        }
    }

    private final Pace pace = new Pace();

    @AfterEach
    void close() {
        pace.close();
    }

    private MadeUp begun() {
        MadeUp download = new MadeUp();
        pace.watch(download);
        return download;
    }

    @Test
    void whoTakesAMebibyteAMinuteGoesOnToTheEnd() {
        MadeUp download = begun();
        for (int minute = 0; minute < 12 * 60; minute++) {
            pace.look();
            download.sent += Pace.BYTES_LEAST;
        }
        pace.look();
        assertThat(download.looks).isEqualTo(12 * 60 + 1);
        assertThat(download.breaks).isZero();
    }

    @Test
    void whoTakesAByteLessIsBrokenOffAlsoAfterMinutesInWhichItTookMuch() {
        MadeUp download = begun();
        pace.look();
        download.sent += 1L << 40;
        pace.look();
        download.sent += Pace.BYTES_LEAST - 1;
        assertThat(download.breaks).isZero();
        pace.look();
        assertThat(download.breaks).isEqualTo(1);
    }

    @Test
    void whoWaitsForTheDiskIsLeftAlone() {
        MadeUp download = begun();
        download.waits = false;
        for (int minute = 0; minute < 10; minute++) {
            pace.look();
        }
        assertThat(download.breaks).isZero();
        download.waits = true;
        pace.look();
        assertThat(download.breaks).isEqualTo(1);
    }

    @Test
    void whoHasJustBegunHasAMinute() {
        MadeUp download = begun();
        pace.look();
        assertThat(download.breaks).isZero();
        pace.look();
        assertThat(download.breaks).isEqualTo(1);
    }

    @Test
    void oneThatIsOverIsForgottenAndNotBrokenOff() {
        MadeUp download = begun();
        pace.look();
        download.over = true;
        pace.look();
        assertThat(download.looks).isEqualTo(2);
        pace.look();
        assertThat(download.looks).as("nobody asks any more").isEqualTo(2);
        assertThat(download.breaks).isZero();
    }

    @Test
    void eachHasItsOwnPace() {
        MadeUp slow = begun();
        MadeUp fast = begun();
        pace.look();
        fast.sent += Pace.BYTES_LEAST;
        pace.look();
        assertThat(slow.breaks).isEqualTo(1);
        assertThat(fast.breaks).isZero();
    }

    /** In whatever order they are looked at. */
    @Test
    void oneThatCannotBeLookedAfterDoesNotKeepTheOthersFromIt() {
        MadeUp before = begun();
        pace.watch(new MadeUp() {
            @Override
            public void breakOff() {
                throw new IllegalArgumentException("the web server's own trouble");
            }
        });
        MadeUp after = begun();
        pace.look();
        pace.look();
        assertThat(before.breaks).isEqualTo(1);
        assertThat(after.breaks).isEqualTo(1);
    }
}
