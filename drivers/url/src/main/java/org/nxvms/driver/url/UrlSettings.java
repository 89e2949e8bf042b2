// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.nxvms.driver.spi.DriverException;

/**
 * The settings of a stream by URL, by name; each is {@code true} (default) or {@code false} and handed on as a quirk:
 *
 * <ul>
 *   <li>{@code tlsVerify}: whether the certificate of an https or rtmps server must be trusted by this host;
 *   <li>{@code loop}: whether a file begins again at its end.
 * </ul>
 *
 * A misspelt name is refused rather than ignored: it would silently not help.
 */
record UrlSettings(Map<String, String> quirks) {
    private static final Set<String> NAMES = Set.of("loop", "tlsVerify");

    static UrlSettings parse(Map<String, String> settings) throws DriverException {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (!NAMES.contains(setting.getKey())) {
                throw refuse(setting.getKey(), "is not known to this driver; it knows loop and tlsVerify");
            }
            if (!Set.of("true", "false").contains(setting.getValue())) {
                throw refuse(setting.getKey(), "must be true or false");
            }
        }
        return new UrlSettings(new TreeMap<>(settings));
    }

    private static DriverException refuse(String name, String why) {
        return new DriverException(DriverException.Kind.CONFIG, "The field settings." + name + " " + why + ".");
    }
}
