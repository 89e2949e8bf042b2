// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which of a camera's settings are sealed. It shows in the value, so that a secret stays one while its driver, which alone
 * knows what is secret, is away.
 */
public final class SealedSettings {
    /** What a sealed value begins with; nobody may type it. */
    static final String MARK = "{sealed}";

    private SealedSettings() {}

    static boolean isSealed(String value) {
        return value.startsWith(MARK);
    }

    /** {@return what may be given out} */
    public static Map<String, String> readable(Map<String, String> settings) {
        return settings.entrySet().stream()
                .filter(setting -> !isSealed(setting.getValue()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** {@return the names of the secrets that are set, sorted} */
    public static List<String> names(Map<String, String> settings) {
        return settings.entrySet().stream()
                .filter(setting -> isSealed(setting.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
