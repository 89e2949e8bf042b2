// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.driver.tck.stage.Calls.Answer;

/** What can be set (CameraDriver.settings, DriverSetting). */
final class SettingRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "settings.described",
                    "Each setting is described once, and the names can be told apart by people.",
                    SettingRules::described),
            Rule.of(
                    "settings.wrong-value",
                    "A value that a setting's own description does not allow is refused with kind CONFIG, by its name.",
                    SettingRules::wrongValue),
            Rule.of(
                    "settings.unknown-name",
                    "A setting that the driver does not know is refused with kind CONFIG, by its name.",
                    SettingRules::unknownName),
            Rule.of(
                    "settings.default-is-absent",
                    "A setting that is given as its default means what it means when it is left out: equal endpoints.",
                    SettingRules::defaultIsAbsent));

    private static final int SETTINGS_MAX = 100;

    private SettingRules() {}

    private static List<DriverSetting> known(Scene scene) throws Exception {
        return scene.ask("settings()", scene.driver()::settings)
                .get()
                .orElseThrow(() -> new NotTried("the driver does not say what can be set"));
    }

    private static void described(Scene scene) throws Exception {
        List<DriverSetting> known = known(scene);
        Expect.that(known.size() <= SETTINGS_MAX, "There are more than " + SETTINGS_MAX + " settings.");
        Set<String> names = new HashSet<>();
        Set<String> titles = new HashSet<>();
        for (DriverSetting setting : known) {
            Expect.that(names.add(setting.name()), "There are two settings of the name " + setting.name() + ".");
            Expect.that(
                    titles.add(setting.title().english()),
                    "There are two settings with the title '" + setting.title().english() + "'.");
        }
    }

    private static void wrongValue(Scene scene) throws Exception {
        Map<String, String> wrong = new LinkedHashMap<>();
        for (DriverSetting setting : known(scene)) {
            for (String value : List.of("no such value", "-", "x".repeat(DriverSetting.VALUE_CHARS_MAX + 1))) {
                if (setting.problem(value).isPresent()) {
                    wrong.putIfAbsent(setting.name(), value);
                }
            }
        }
        if (wrong.isEmpty()) {
            throw new NotTried("the driver has no settings");
        }
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            requireRefused(scene, scene.device().with(each.getKey(), each.getValue()), each.getKey());
        }
    }

    private static void unknownName(Scene scene) throws Exception {
        known(scene);
        requireRefused(scene, scene.device().with("no-such-setting", "1"), "no-such-setting");
    }

    private static void requireRefused(Scene scene, DeviceTarget target, String name) throws Exception {
        Answer<CameraSession> opened = scene.tryOpen(target);
        Expect.that(opened.failed(), "A wrong " + name + " is taken.");
        DriverException failure = opened.failure();
        Expect.kind(failure, "With a wrong " + name, Kind.CONFIG);
        Expect.that(
                String.valueOf(failure.getMessage()).contains(name),
                "What is said of a wrong " + name + " does not name it: " + failure.getMessage());
    }

    private static void defaultIsAbsent(Scene scene) throws Exception {
        List<DriverSetting> known = known(scene).stream()
                .filter(setting -> setting.defaultValue().isPresent())
                .toList();
        if (known.isEmpty()) {
            throw new NotTried("no setting has a default");
        }
        List<StreamOffer> plain = streams(scene, scene.device().target());
        for (DriverSetting setting : known) {
            if (scene.device().target().settings().containsKey(setting.name())) {
                continue;
            }
            String value = setting.defaultValue().orElseThrow();
            Expect.that(
                    plain.equals(streams(scene, scene.device().with(setting.name(), value))),
                    "With " + setting.name() + " given as its default, " + value
                            + ", the streams are others than without it: whoever types the default in interrupts the"
                            + " recording.");
        }
    }

    private static List<StreamOffer> streams(Scene scene, DeviceTarget target) throws Exception {
        return scene.ask("streams()", scene.session(target)::streams).get();
    }
}
