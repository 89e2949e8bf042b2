// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Wording;

/** The settings of a stream by URL; each is handed on as a quirk of its name. */
record UrlSettings(Map<String, String> quirks) {
    /** What can be set. */
    static final List<DriverSetting> KNOWN = List.of(
            DriverSetting.bool("tlsVerify", Wording.of("Check the certificate").in("de", "Zertifikat prüfen"))
                    .described(Wording.of("Whether this server must trust the certificate of an https or rtmps source.")
                            .in("de", "Ob dieser Server dem Zertifikat einer https- oder rtmps-Quelle trauen muss."))
                    .byDefault("true"),
            DriverSetting.bool("loop", Wording.of("Begin again").in("de", "Von vorn beginnen"))
                    .described(Wording.of("Whether a file begins again at its end.")
                            .in("de", "Ob eine Datei an ihrem Ende von vorn beginnt."))
                    .byDefault("true"));

    static UrlSettings parse(Map<String, String> settings) throws DriverException {
        DriverSetting.check(KNOWN, settings);
        Map<String, String> quirks = new TreeMap<>(settings);
        // A default that was typed in means the same as none: another endpoint would interrupt the recording.
        KNOWN.forEach(setting -> setting.defaultValue().ifPresent(usual -> quirks.remove(setting.name(), usual)));
        return new UrlSettings(quirks);
    }
}
