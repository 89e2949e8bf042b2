// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What is wrong with a mask that is wanted, in the same words for each device. */
final class MaskProblems {
    private MaskProblems() {}

    static Map<String, String> of(PrivacyMasks.Options options, MaskSettings wanted) {
        Map<String, String> wrong = new LinkedHashMap<>();
        if (wanted.isTooSmall()) {
            wrong.put(
                    MaskSettings.POINTS,
                    "is too small: a mask must be at least a 360th of the picture wide and high, or the camera may round it to"
                            + " nothing");
        } else if (options.rectangleOnly() && !wanted.isRectangle()) {
            wrong.put(
                    MaskSettings.POINTS,
                    "must be the four corners of an upright rectangle, one after the other: this camera has no other masks");
        } else if (wanted.points().size() > options.pointsMax()) {
            wrong.put(MaskSettings.POINTS, "must have at most " + options.pointsMax() + " corners");
        }
        if (!options.kinds().contains(wanted.kind())) {
            wrong.put(
                    MaskSettings.KIND,
                    "must be one of "
                            + options.kinds().stream()
                                    .map(MaskSettings.Kind::word)
                                    .collect(Collectors.joining(", ")));
        }
        wanted.color().filter(color -> !options.anyColor()).ifPresent(color -> {
            if (options.colors().isEmpty()) {
                wrong.put(MaskSettings.COLOR, "cannot be set in this camera");
            } else if (!options.colors().contains(color)) {
                wrong.put(MaskSettings.COLOR, "must be one of " + String.join(", ", options.colors()));
            }
        });
        return wrong;
    }
}
