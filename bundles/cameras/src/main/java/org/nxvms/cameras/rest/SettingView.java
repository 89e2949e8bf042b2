// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Wording;

/** One setting of a driver. Texts by language, English always among them. */
@Schema(name = "DriverSetting")
public record SettingView(
        String name,
        @Schema(
                        type = "string",
                        allowableValues = {"string", "integer", "boolean", "choice", "secret"})
                DriverSetting.Kind type,
        @Schema(description = "By language, as in BCP 47") Map<String, String> title,
        Optional<Map<String, String>> description,
        @Schema(description = "What counts when nothing is given") Optional<String> defaultValue,
        @Schema(description = "Of an integer") OptionalLong min,
        @Schema(description = "Of an integer") OptionalLong max,
        @Schema(description = "Of a choice") Optional<List<ChoiceView>> choices,
        boolean required) {

    /** A value that can be chosen. */
    @Schema(name = "DriverSettingChoice")
    public record ChoiceView(String value, Map<String, String> title) {}

    static SettingView of(DriverSetting setting) {
        return new SettingView(
                setting.name(),
                setting.kind(),
                setting.title().byLanguage(),
                setting.description().map(Wording::byLanguage),
                setting.defaultValue(),
                setting.min(),
                setting.max(),
                Optional.of(setting.choices().stream()
                                .map(choice -> new ChoiceView(
                                        choice.value(), choice.title().byLanguage()))
                                .toList())
                        .filter(choices -> !choices.isEmpty()),
                setting.required());
    }
}
