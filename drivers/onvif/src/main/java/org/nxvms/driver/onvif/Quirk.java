// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DeviceIdentity;

/** What is known of some devices. */
record Quirk(String id, List<Devices> devices, Quirks quirks) {
    /** Devices by what they say of themselves. */
    record Devices(Pattern manufacturer, Pattern model, Pattern firmware) {
        boolean include(DeviceIdentity device) {
            return manufacturer.matcher(device.manufacturer()).matches()
                    && model.matcher(device.model()).matches()
                    && firmware.matcher(device.firmware()).matches();
        }

        /** {@return what a text must look like}: {@code *} stands for anything, {@code ?} for one character; case is ignored. */
        static Pattern pattern(String text) {
            String[] parts = text.split("\\*", -1);
            StringBuilder regex = new StringBuilder(literal(parts[0]));
            for (int i = 1; i < parts.length; i++) {
                // What stands between two stars is best found as early as possible: no other place is tried.
                boolean last = i == parts.length - 1;
                regex.append(last ? ".*" : "(?>.*?").append(literal(parts[i])).append(last ? "" : ")");
            }
            return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
        }

        private static String literal(String text) {
            StringBuilder regex = new StringBuilder();
            text.codePoints()
                    .forEach(point -> regex.append(point == '?' ? "." : Pattern.quote(Character.toString(point))));
            return regex.toString();
        }
    }

    boolean isOf(DeviceIdentity device) {
        return devices.stream().anyMatch(some -> some.include(device));
    }
}
