// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.nxvms.rest.kit.json.Json;

/**
 * Which plugins there are: {@code plugins/inventory.json}. It is what counts; the framework follows it. Replacing this
 * file is the one moment at which an operation happens: killed before, the old plugin is there at the next start, killed
 * after, the new one. Not thread-safe but for {@link #entries}.
 */
public final class Inventory {
    private static final int FORMAT = 1;

    private final Path file;
    private volatile Map<String, Entry> entries = Map.of();
    private boolean unclear;

    /** The file. */
    record Kept(int format, Map<String, Entry> plugins) {
        Kept {
            Objects.requireNonNull(plugins, "plugins");
            if (format != FORMAT) {
                throw new IllegalArgumentException("format must be " + FORMAT + ", not " + format
                        + ": it was written by another version of this server");
            }
        }
    }

    public Inventory(Path folder) {
        this.file = folder.resolve("inventory.json");
    }

    /** Reads it; one that is not there is empty. One that cannot be read is never replaced. */
    public void load() throws IOException {
        if (!Files.exists(file)) {
            entries = Map.of();
            return;
        }
        try {
            Kept kept = Json.mapper().readValue(Files.readAllBytes(file), Kept.class);
            entries = Collections.unmodifiableMap(new TreeMap<>(kept.plugins()));
        } catch (IOException damaged) {
            throw new IOException(file + " cannot be read (" + damaged.getMessage() + ")", damaged);
        }
    }

    /** {@return by symbolic name} */
    public Map<String, Entry> entries() {
        return entries;
    }

    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Changes what there is of a plugin; empty takes it out. On return it is on the disk. */
    public void put(String name, Optional<Entry> entry) throws IOException {
        Map<String, Entry> next = new TreeMap<>(entries);
        entry.ifPresentOrElse(there -> next.put(name, there), () -> next.remove(name));
        try {
            DurableFile.write(
                    file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(new Kept(FORMAT, next)));
            entries = Collections.unmodifiableMap(next);
        } catch (IOException failed) {
            // It may have got its name before the folder failed; then it is what the next start finds.
            unclear = true;
            load();
            unclear = false;
            if (!entries.equals(next)) {
                throw failed;
            }
        }
    }

    /** {@return whether a write failed and what is on the disk could not be read} Then nothing is to be thrown away. */
    public boolean isUnclear() {
        return unclear;
    }

    /** {@return hashes of all jars that are named} */
    public Set<String> jars() {
        Set<String> named = new HashSet<>();
        entries.values().forEach(entry -> {
            named.add(entry.current().sha256());
            entry.previous().ifPresent(previous -> named.add(previous.sha256()));
        });
        return named;
    }
}
