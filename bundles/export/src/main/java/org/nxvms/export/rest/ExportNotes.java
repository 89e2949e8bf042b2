// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nxvms.platform.api.export.ExportOrder;

/** What the audit notes of an order. */
final class ExportNotes {
    private ExportNotes() {}

    /** {@return what was asked for, also where it is refused} */
    static Map<String, String> told(ExportViews.Draft draft) {
        Map<String, String> told = new HashMap<>(Map.of(
                "cameras",
                draft.cameraIds().stream()
                        .limit(ExportOrder.CAMERAS_MAX)
                        .map(String::valueOf)
                        .sorted()
                        .collect(Collectors.joining(",")),
                "from",
                draft.from(),
                "to",
                draft.to(),
                "cut",
                draft.cut().orElse(ExportOrder.Cut.KEY_FRAME).name().toLowerCase(Locale.ROOT),
                "reason",
                draft.reason().orElse("")));
        told.putAll(BurnInFields.told(draft));
        draft.sound().filter(sound -> !sound).ifPresent(none -> told.put("sound", "false"));
        return told;
    }
}
