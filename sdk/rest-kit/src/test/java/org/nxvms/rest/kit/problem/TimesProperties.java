// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

/** What goes out comes back. */
class TimesProperties {
    @Property
    void everyMillisecondSurvivesTheWayThroughText(@ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long ms) {
        assertThat(Times.micros(Instant.ofEpochMilli(ms).toString(), "at")).isEqualTo(ms * 1_000);
        assertThat(Times.micros(Times.instant(ms * 1_000))).isEqualTo(ms * 1_000);
    }

    @Property
    void everyKeySurvivesTheWayThroughACursor(@ForAll @StringLength(max = 100) @AlphaChars String key) {
        assertThat(Page.key(Page.cursor(key)).orElse("")).isEqualTo(key);
    }
}
