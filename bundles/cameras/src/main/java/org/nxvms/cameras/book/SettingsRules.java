// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;

/** What a camera's settings must obey: the words of its driver. */
final class SettingsRules {
    private SettingsRules() {}

    /**
     * @param before the camera as it is stored, of which secrets that were not typed again are kept; empty for a new one
     * @param known what the driver says can be set; empty when it does not say, or is away
     * @throws InvalidCameraException naming each setting that cannot work
     */
    static void check(CameraDraft draft, Optional<Camera> before, Optional<List<DriverSetting>> known)
            throws InvalidCameraException {
        Optional<Camera> sameDriver = before.filter(camera -> camera.driver().equals(draft.driver()));
        if (sameDriver
                .filter(camera -> camera.settings().equals(draft.settings()))
                .isPresent()) {
            // A newer driver may know better; the camera can still be renamed or switched off.
            return;
        }
        Map<String, String> typed = new HashMap<>(draft.settings());
        Map<String, String> errors = new TreeMap<>();
        for (String name : SealedSettings.names(draft.settings())) {
            String value = typed.remove(name);
            boolean kept = sameDriver
                    .filter(camera -> value.equals(camera.settings().get(name)))
                    .isPresent();
            if (!kept) {
                errors.put(
                        name,
                        before.isPresent()
                                ? "was entered for another driver; enter it again, or take it out with null"
                                : "must not begin with " + SealedSettings.MARK);
            } else if (known.isPresent() && !names(known.get()).contains(name)) {
                errors.put(name, "is not known to this driver any more; take it out with null");
            }
        }
        known.map(settings -> DriverSetting.problems(others(settings, draft.settings()), typed))
                .ifPresent(errors::putAll);
        if (!errors.isEmpty()) {
            Map<String, String> fields = new HashMap<>();
            errors.forEach((name, sentence) -> fields.put("settings." + name, "It " + sentence + "."));
            throw new InvalidCameraException(fields);
        }
    }

    /** Those that are not among the sealed ones, whose values nobody sees. */
    private static List<DriverSetting> others(List<DriverSetting> known, Map<String, String> given) {
        return known.stream()
                .filter(setting -> !SealedSettings.isSealed(given.getOrDefault(setting.name(), "")))
                .toList();
    }

    private static Set<String> names(List<DriverSetting> known) {
        return known.stream().map(DriverSetting::name).collect(Collectors.toSet());
    }

    /** {@return the names of those to be sealed} */
    static Set<String> secrets(Optional<List<DriverSetting>> known) {
        return known.orElse(List.of()).stream()
                .filter(setting -> setting.kind() == DriverSetting.Kind.SECRET)
                .map(DriverSetting::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
