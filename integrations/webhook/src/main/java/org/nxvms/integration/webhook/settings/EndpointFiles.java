// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.settings;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints as administrators configure them: one file {@code etc/org.nxvms.integration.webhook-NAME.cfg} each, written whole
 * or not at all. The framework notices the file and makes, changes or ends the endpoint. What people wrote into such a file
 * stays: only the lines that change are changed.
 */
public final class EndpointFiles {
    /** Each has a thread and a connection of its own. */
    public static final int COUNT_MAX = 64;

    private static final String PREFIX = "org.nxvms.integration.webhook-";
    private static final String SUFFIX = ".cfg";
    private static final Logger LOG = LoggerFactory.getLogger(EndpointFiles.class);

    private final Path folder;

    /** @param folder {@code karaf.etc} */
    public EndpointFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * One file.
     *
     * @param version another one whenever the file is another one
     * @param values by key, as they stand there
     */
    public record Stored(Path file, long version, Map<String, String> values) {
        /** @throws IllegalArgumentException beginning with the key that cannot work */
        public Settings settings() {
            return Settings.of(values::get);
        }
    }

    /** {@return all of them by name; what cannot be read is left out and logged} */
    public synchronized Map<String, Stored> all() {
        Map<String, Stored> all = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                read(file).ifPresent(stored -> all.put(stored.values().getOrDefault(Settings.NAME, ""), stored));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + folder + ": " + unreadable.getMessage(), unreadable);
        }
        all.remove("");
        return all;
    }

    public synchronized Optional<Stored> find(String name) {
        return Optional.ofNullable(all().get(name));
    }

    /** @throws IllegalStateException when the name is taken or there are too many */
    public synchronized void add(String name, Map<String, String> values) {
        Map<String, Stored> all = all();
        Path file = folder.resolve(PREFIX + name + SUFFIX);
        if (all.containsKey(name) || Files.exists(file)) {
            throw new IllegalStateException("There is a webhook " + name + " already; choose another name.");
        }
        if (all.size() >= COUNT_MAX) {
            throw new IllegalStateException("There are " + COUNT_MAX + " webhooks; remove one first.");
        }
        List<String> lines = new ArrayList<>(List.of("# Added by the server's REST API."));
        values.forEach((key, value) -> lines.add(line(key, value)));
        write(file, lines);
    }

    /**
     * Changes what is named and leaves the rest.
     *
     * @param version that the caller saw; empty when any will do
     * @throws NoSuchResourceException when there is none of this name
     * @throws StaleVersionException when it is another one by now
     */
    public synchronized void change(String name, Optional<Long> version, Map<String, String> values) {
        Stored stored = existing(name, version);
        Map<String, String> left = new LinkedHashMap<>(values);
        List<String> lines = new ArrayList<>();
        boolean ofChanged = false;
        boolean goesOn = false;
        for (String line : text(stored.file()).split("\\R")) {
            String key = line.strip().split("[=:\\s]", 2)[0];
            boolean begins = !goesOn;
            goesOn = isContinued(line);
            if (begins) {
                ofChanged = values.containsKey(key);
                String value = left.remove(key);
                if (value != null && !value.isEmpty()) {
                    lines.add(line(key, value));
                }
            }
            if (!ofChanged) {
                lines.add(line);
            }
        }
        left.forEach((key, value) -> {
            if (!value.isEmpty()) {
                lines.add(line(key, value));
            }
        });
        write(stored.file(), lines);
    }

    /**
     * @param version that the caller saw; empty when any will do
     * @throws NoSuchResourceException when there is none of this name
     * @throws StaleVersionException when it is another one by now
     */
    public synchronized void remove(String name, Optional<Long> version) {
        Path file = existing(name, version).file();
        try {
            Files.delete(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove " + file + ": " + failed.getMessage(), failed);
        }
    }

    /**
     * Seals what somebody wrote into a file in the clear.
     *
     * @return false when nothing stands there in the clear
     * @throws org.nxvms.platform.api.StoreException while there is no vault
     */
    public synchronized boolean seal(String name, Secrets secrets) {
        Optional<Stored> stored = find(name);
        if (stored.isEmpty()) {
            return false;
        }
        Map<String, String> sealed = new LinkedHashMap<>();
        for (String key : List.of(Settings.SECRET, Settings.HEADERS)) {
            String text = stored.get().values().getOrDefault(key, "").strip();
            if (Secrets.isPlain(text)) {
                sealed.put(key, secrets.seal(name, key, text));
            }
        }
        if (!sealed.isEmpty()) {
            change(name, Optional.empty(), sealed);
            LOG.info("What webhook {} keeps secret was sealed in its file", name);
        }
        return !sealed.isEmpty();
    }

    /** Makes a file look changed, so that it is read anew. */
    public synchronized void touch(String name) {
        Optional<Stored> stored = find(name);
        try {
            if (stored.isPresent()) {
                Files.setLastModifiedTime(stored.get().file(), FileTime.from(Instant.now()));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + stored.get().file() + ": " + failed.getMessage(), failed);
        }
    }

    /** An odd number of backslashes at the end, outside comments: the value goes on in the next line. */
    private static boolean isContinued(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        boolean comment = line.strip().startsWith("#") || line.strip().startsWith("!");
        return count % 2 == 1 && !comment;
    }

    private Stored existing(String name, Optional<Long> version) {
        Stored stored = find(name)
                .orElseThrow(() -> new NoSuchResourceException(
                        "There is no webhook of this name. GET /api/v1/webhooks lists them."));
        if (version.isPresent() && version.get() != stored.version()) {
            throw new StaleVersionException("Webhook " + name + " was changed in the meantime; read it again.");
        }
        return stored;
    }

    private static Optional<Stored> read(Path file) {
        try {
            String text = WholeFile.read(file);
            Properties properties = new Properties();
            properties.load(new StringReader(text));
            Map<String, String> values = new TreeMap<>();
            properties
                    .stringPropertyNames()
                    .forEach(key -> values.put(key, properties.getProperty(key).strip()));
            CRC32 version = new CRC32();
            version.update(text.getBytes(StandardCharsets.UTF_8));
            return Optional.of(new Stored(file, version.getValue(), Map.copyOf(values)));
        } catch (IOException | IllegalArgumentException unreadable) {
            // The message of a bad escape quotes nothing of the file.
            LOG.warn("{} cannot be read: {}; the other webhooks are not touched", file, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static String text(Path file) {
        try {
            return WholeFile.read(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static String line(String key, String value) {
        return key + " = " + value;
    }

    private static void write(Path file, List<String> lines) {
        try {
            WholeFile.write(file, String.join("\n", lines) + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }
}
