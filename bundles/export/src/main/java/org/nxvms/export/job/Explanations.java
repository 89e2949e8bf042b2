// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;

/** Files of each package that tell how to play and how to verify it. */
final class Explanations {
    private static final List<String> NAMES = List.of("README.txt", "README.de.txt", "verify.html");

    /** Begin lines that are for packages of one kind only. */
    private static final String BURNED = "@BURNED@";

    private static final String COPIED = "@COPIED@";

    private Explanations() {}

    /** {@return a text without the lines that are for the other kind of package} */
    private static String fitting(String text, boolean burned) {
        return text.lines()
                .filter(line -> !line.startsWith(burned ? COPIED : BURNED))
                .map(line -> line.startsWith(burned ? BURNED : COPIED) ? line.substring(BURNED.length()) : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** {@return what is burned in, in words of the manifest} */
    private static String burnIn(ExportJob job) {
        BurnIn burnIn = job.order().burnIn();
        List<String> parts = new ArrayList<>();
        if (!burnIn.text().isEmpty()) {
            parts.add("text \"" + burnIn.text() + "\"");
        }
        if (burnIn.time()) {
            parts.add("time (" + burnIn.zone().getId() + ")");
        }
        if (burnIn.user()) {
            parts.add("user (" + job.ownerName() + ")");
        }
        if (!burnIn.masks().isEmpty()) {
            parts.add("masks (" + burnIn.masks().size() + ")");
        }
        return String.join(", ", parts);
    }

    static Map<String, byte[]> of(ExportJob job) throws IOException {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        for (String name : NAMES) {
            try (InputStream in = Explanations.class.getResourceAsStream(name)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                texts.put(
                        name,
                        fitting(text, !job.order().burnIn().isNone())
                                .replace("@EXPORT@", job.id().toString())
                                .replace("@BURNIN@", burnIn(job))
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
        return texts;
    }
}
