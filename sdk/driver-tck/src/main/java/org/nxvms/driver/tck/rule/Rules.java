// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.List;
import java.util.stream.Stream;

/** All rules, in the order of reports. */
public final class Rules {
    private static final List<Rule> ALL = Stream.of(
                    ManifestRules.ALL,
                    LifeRules.ALL,
                    DataRules.ALL,
                    SettingRules.ALL,
                    ErrorRules.ALL,
                    TimeRules.ALL,
                    LimitRules.ALL,
                    ControlRules.ALL,
                    DeviceRules.ALL,
                    EncoderRules.ALL,
                    MaskRules.ALL,
                    AudioRules.ALL,
                    EventRules.ALL,
                    AsyncRules.ALL,
                    PushRules.ALL,
                    SwapRules.ALL)
            .flatMap(List::stream)
            .toList();

    private Rules() {}

    public static List<Rule> all() {
        return ALL;
    }
}
