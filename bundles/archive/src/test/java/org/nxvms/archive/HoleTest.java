// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Damage leaves a hole in a chunk; a camera that sends a picture in some seconds does not. */
class HoleTest {
    private static final long SECOND_US = 1_000_000;
    private static final int HEAD = 1_000;
    private static final int FRAGMENT = 5_000;
    private static final int PRFT = 32;

    private final Hole.Finder finder = new Hole.Finder(0, false);

    @Test
    void picturesThatAreFarApartAreWhole() {
        for (int i = 0; i < 10; i++) {
            int offset = HEAD + i * FRAGMENT;
            finder.next(offset, FRAGMENT, offset + PRFT, i * 4 * SECOND_US, SECOND_US);
        }
        assertThat(finder.found()).isEmpty();
    }

    @Test
    void bytesThatAreSkippedBeforeAFragmentAreItsHole() {
        finder.next(HEAD, FRAGMENT, HEAD + PRFT, 0, SECOND_US);
        int damage = 40_000;
        int offset = HEAD + FRAGMENT;
        finder.next(offset, damage + FRAGMENT, offset + damage + PRFT, 5 * SECOND_US, SECOND_US);
        assertThat(finder.found()).containsExactly(new Hole(SECOND_US, 5 * SECOND_US, offset, damage));
    }
}
