// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.nxvms.driver.spi.EncoderSettings;

/** What came of a change of a video encoder. */
@Schema(name = "VideoEncoderChange")
public record ChangedView(
        EncoderView.SettingsView settings,
        @Schema(
                        description =
                                "Where the device is otherwise than was asked for, or, where nothing was, than it was before")
                List<DifferenceView> differences) {
    /** A field, as text; {@code got} is empty for what the device does not tell. */
    @Schema(name = "VideoEncoderDifference")
    public record DifferenceView(
            @Schema(example = "bitrateKbps") String field,
            @Schema(example = "3000") String wanted,
            @Schema(example = "2048") String got) {}

    static ChangedView of(EncoderSettings before, EncoderBody body, EncoderSettings got) {
        return new ChangedView(
                EncoderView.SettingsView.of(got),
                body.settings(before).over(before).differences(got).stream()
                        .map(each -> new DifferenceView(each.field(), each.wanted(), each.got()))
                        .toList());
    }
}
