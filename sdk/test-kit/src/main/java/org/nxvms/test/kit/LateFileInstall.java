// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Felix File Install and one file of settings, at its worst moment: it tells a part what it has read, and looks at the file
 * once more when the part has changed it already. On the threads of who calls, one at a time.
 */
public final class LateFileInstall implements AutoCloseable {
    /** What it does about a file that is not as it read it. */
    public enum Late {
        /** Puts back what it has told. */
        WRITES_OVER,
        /** Takes it for what it has read. */
        TAKES_FOR_READ
    }

    private final Path file;
    private final Function<Map<String, String>, AutoCloseable> part;
    private AutoCloseable told = () -> {};
    private Map<String, String> values = Map.of();
    private String read = "";

    /** @param part brings it up with what stands in the file; what it returns takes it down */
    public LateFileInstall(Path file, Function<Map<String, String>, AutoCloseable> part) {
        this.file = file;
        this.part = part;
    }

    /** Reads the file, tells it, and comes too late. */
    public void readAndBeLate(Late late) throws IOException {
        String before = content();
        look();
        Awaiting.until("the part changes its file", () -> !content().equals(before));
        if (late == Late.WRITES_OVER) {
            Files.writeString(file, before);
        }
        read = stamp();
    }

    /** Reads the file, if it looks like another one, and tells it. */
    public void look() {
        String now = stamp();
        if (now.equals(read)) {
            return;
        }
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(content()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Map<String, String> fresh = new TreeMap<>();
        lines.stringPropertyNames().forEach(key -> fresh.put(key, lines.getProperty(key)));
        fresh.put("felix.fileinstall.filename", file.toUri().toString());
        read = now;
        values = fresh;
        close();
        told = part.apply(fresh);
    }

    /** {@return what was told last} */
    public String value(String key) {
        return values.getOrDefault(key, "");
    }

    private String content() {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All that it looks at. */
    private String stamp() {
        try {
            return Files.getLastModifiedTime(file).toMillis() + " " + Files.size(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Takes the part down. */
    @Override
    public void close() {
        try {
            told.close();
        } catch (Exception fault) {
            throw new AssertionError("the part does not go", fault);
        }
    }
}
