// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.platform.api.export.ExportJob;

/** Files of each package that tell how to play and how to verify it. */
final class Explanations {
    private static final List<String> NAMES = List.of("README.txt", "README.de.txt", "verify.html");

    private Explanations() {}

    static Map<String, byte[]> of(ExportJob job) throws IOException {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        for (String name : NAMES) {
            try (InputStream in = Explanations.class.getResourceAsStream(name)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                texts.put(name, text.replace("@EXPORT@", job.id().toString()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return texts;
    }
}
