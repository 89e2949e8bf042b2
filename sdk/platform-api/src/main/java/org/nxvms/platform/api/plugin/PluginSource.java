// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the file of a plugin comes from: a jar, or a KAR with one jar in it.
 *
 * @param from a {@code file:} or {@code mvn:} URL, or the name of what was uploaded
 * @param content what was uploaded; read once, then closed
 */
public record PluginSource(String from, Optional<InputStream> content) {
    public PluginSource {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(content, "content");
    }

    /** What the server fetches itself. */
    public static PluginSource at(String url) {
        return new PluginSource(url, Optional.empty());
    }

    /** What somebody sent. */
    public static PluginSource uploaded(InputStream content) {
        return new PluginSource("upload", Optional.of(content));
    }
}
