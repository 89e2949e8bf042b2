// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Places by the names that people give. */
class AccessScopeTest {
    private static final String ONE_CHARACTER = "T\u00fcr";
    private static final String TWO_CHARACTERS = "Tu\u0308r";

    @Test
    void aLetterIsTheSameHoweverItIsComposed() {
        AccessScope denied = AccessScope.parse("group/North/" + ONE_CHARACTER);
        assertThat(AccessScope.groups("North/" + TWO_CHARACTERS)).contains(denied);
        assertThat(AccessScope.parse("group/North/" + TWO_CHARACTERS)).isEqualTo(denied);
    }

    @Test
    void blanksAndSlashesAroundMeanNothingAndCaseDoes() {
        assertThat(AccessScope.groups(" / North // Gate /"))
                .containsExactly(AccessScope.group("North/Gate"), AccessScope.group("North"));
        assertThat(AccessScope.group("north")).isNotEqualTo(AccessScope.group("North"));
    }
}
