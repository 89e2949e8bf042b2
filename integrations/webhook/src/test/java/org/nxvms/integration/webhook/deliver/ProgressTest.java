// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.integration.webhook.settings.Settings;

/** How far an endpoint got, and what a look at the log told of the rest. */
class ProgressTest {
    @Test
    void aLookCountsForItsFilterAlone() {
        Progress looked = Progress.NONE
                .at(5)
                .under(Settings.filter(List.of("camera.*"), List.of(), ""))
                .looked(0, 9, 4);
        Progress same = looked.under(Settings.filter(List.of("camera.*"), List.of(), ""));
        Progress other = looked.under(Settings.filter(List.of("recording.*"), List.of(), ""));
        assertThat(same).isEqualTo(looked);
        assertThat(other.lookCount()).isZero();
        assertThat(other.looked(0, 9, 0).lost()).isZero();
        assertThat(looked.looked(1, 12, 7).lost()).isEqualTo(3);
        assertThat(Optional.of(looked.lost())).contains(0L);
    }
}
