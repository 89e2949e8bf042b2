// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FragmentEntry;

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
            finder.next(fragment(offset, FRAGMENT, i * 4 * SECOND_US, SECOND_US), offset + PRFT);
        }
        assertThat(finder.found()).isEmpty();
    }

    private static FragmentEntry fragment(int offset, int length, long startUs, long durationUs) {
        return new FragmentEntry(offset, length, startUs, durationUs, true, 1);
    }

    /** The last picture before a crash is a fragment of its own and may have no duration. */
    @Test
    void onePictureWithoutADurationIsFootage() {
        finder.next(fragment(HEAD, FRAGMENT, 0, SECOND_US), HEAD + PRFT);
        int offset = HEAD + FRAGMENT;
        finder.next(fragment(offset, FRAGMENT, SECOND_US, 0), offset + PRFT);
        offset += FRAGMENT;
        finder.next(fragment(offset, FRAGMENT, 5 * SECOND_US, SECOND_US), offset + PRFT);
        assertThat(finder.found()).isEmpty();
    }

    @Test
    void bytesThatAreSkippedBeforeAFragmentAreItsHole() {
        finder.next(fragment(HEAD, FRAGMENT, 0, SECOND_US), HEAD + PRFT);
        int damage = 40_000;
        int offset = HEAD + FRAGMENT;
        finder.next(fragment(offset, damage + FRAGMENT, 5 * SECOND_US, SECOND_US), offset + damage + PRFT);
        assertThat(finder.found()).containsExactly(new Hole(SECOND_US, 5 * SECOND_US, offset, damage));
    }
}
