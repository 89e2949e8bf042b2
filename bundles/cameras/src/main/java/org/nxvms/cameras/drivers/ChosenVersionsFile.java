// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.nxvms.cameras.file.WholeFile;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code driver-versions.json} in the data folder: which version of a driver serves, where several are installed. Of this
 * server only, as what is installed is. Blocks; one thread.
 */
public final class ChosenVersionsFile {
    private static final Logger LOG = LoggerFactory.getLogger(ChosenVersionsFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BYTES_MAX = 1 << 20;

    private final Path file;

    public ChosenVersionsFile(Path file) {
        this.file = file;
    }

    public void write(Map<String, Version> chosen) {
        ObjectNode all = JSON.createObjectNode();
        chosen.forEach((id, version) -> all.put(id, version.toString()));
        try {
            WholeFile.replace(file, JSON.writeValueAsBytes(all));
        } catch (IOException e) {
            LOG.warn("{} cannot be written: after a restart the newest version of a driver would serve", file, e);
        }
    }

    /** {@return what was written last; empty when that cannot be read} */
    public Map<String, Version> read() {
        Map<String, Version> chosen = new HashMap<>();
        try {
            Optional<byte[]> content = WholeFile.read(file, BYTES_MAX);
            if (content.isEmpty()) {
                return chosen;
            }
            for (Map.Entry<String, JsonNode> driver :
                    JSON.readTree(content.get()).properties()) {
                chosen.put(
                        driver.getKey(), Version.parseVersion(driver.getValue().asText()));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read: the newest version of each driver serves", file, e);
            return Map.of();
        }
        return chosen;
    }
}
