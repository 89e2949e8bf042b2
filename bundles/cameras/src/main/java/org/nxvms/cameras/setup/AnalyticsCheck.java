// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DeviceAnalytics.Analysis;
import org.nxvms.driver.spi.DeviceAnalytics.Carriage;
import org.nxvms.driver.spi.DeviceAnalytics.Metadata;
import org.nxvms.driver.spi.DeviceAnalytics.Part;
import org.nxvms.platform.api.camera.CameraReport.Check;
import org.nxvms.platform.api.camera.CameraReport.State;

/** What a device finds in its own picture, and whether its streams carry it, in words. */
final class AnalyticsCheck {
    static final String NAME = "analytics";

    /** Of each kind of thing so many are named; people read it. */
    private static final int NAMED_MAX = 10;

    private AnalyticsCheck() {}

    static Check of(Analysis told) {
        List<String> words = new ArrayList<>();
        sentence(words, "It is set up to detect ", parts(told.rules()));
        sentence(words, "It could detect ", without(told.ruleKinds(), told.rules()));
        sentence(words, "It finds things by ", parts(told.modules()));
        sentence(words, "It could find things by ", without(told.moduleKinds(), told.modules()));
        if (words.isEmpty()) {
            words.add("It tells of nothing that it detects.");
        }
        sentence(words, "What it finds is carried by ", streams(told, Carriage.CARRIED));
        sentence(words, "What it finds could be carried, and is not, by ", streams(told, Carriage.POSSIBLE));
        told.streams().stream()
                .filter(stream -> stream.carriage() == Carriage.REFUSED)
                .forEach(stream ->
                        words.add("What it finds was to be carried by " + name(stream) + ": " + stream.note()));
        boolean carried = told.streams().stream().anyMatch(stream -> stream.carriage() == Carriage.CARRIED);
        if (!carried
                && streams(told, Carriage.IMPOSSIBLE).size() == told.streams().size()) {
            words.add("Its streams carry none of that; there are events, and no boxes.");
        }
        String advice = told.streams().stream()
                .filter(stream -> stream.carriage() == Carriage.POSSIBLE)
                .map(Metadata::note)
                .findFirst()
                .orElse("");
        boolean lacking = told.streams().stream()
                .anyMatch(stream -> stream.carriage() == Carriage.POSSIBLE || stream.carriage() == Carriage.REFUSED);
        return new Check(NAME, lacking ? State.LIMITED : State.WORKS, String.join(" ", words), advice);
    }

    private static void sentence(List<String> words, String beginning, List<String> named) {
        if (!named.isEmpty()) {
            String more = named.size() > NAMED_MAX ? " and " + (named.size() - NAMED_MAX) + " more" : "";
            words.add(beginning + named.stream().limit(NAMED_MAX).collect(Collectors.joining(", ")) + more + ".");
        }
    }

    private static List<String> parts(List<Part> parts) {
        return parts.stream()
                .map(part -> part.kind() + (part.name().isEmpty() ? "" : " \"" + part.name() + "\""))
                .toList();
    }

    private static List<String> without(List<String> kinds, List<Part> parts) {
        return kinds.stream()
                .filter(kind -> parts.stream().noneMatch(part -> part.kind().equals(kind)))
                .toList();
    }

    private static List<String> streams(Analysis told, Carriage carriage) {
        return told.streams().stream()
                .filter(stream -> stream.carriage() == carriage)
                .map(AnalyticsCheck::name)
                .toList();
    }

    private static String name(Metadata stream) {
        return "the " + stream.role().name().toLowerCase(Locale.ROOT) + " stream";
    }
}
