// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The built console's files, read from the bundle when first asked for and kept: there are a few dozen, about 2 MB.
 * Thread-safe.
 */
final class ConsoleFiles {
    /**
     * A file ready to be sent.
     *
     * @param plain its bytes; not copied, not to be changed
     * @param packed the same, gzip
     * @param etag with its quotes
     * @param immutable whether the name contains a hash of the content
     */
    record StaticFile(byte[] plain, Optional<byte[]> packed, String contentType, String etag, boolean immutable) {}

    private static final String ROOT = "web";
    private static final int PATH_CHARS_MAX = 256;
    /** No dot at the beginning of a name, hence no "..", no hidden file. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    private static final String PACKED_SUFFIX = ".gz";
    private static final String HASHED_FOLDER = "/assets/";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html;charset=utf-8"),
            Map.entry("js", "text/javascript;charset=utf-8"),
            Map.entry("css", "text/css;charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"));

    private final Function<String, URL> entries;
    private final Map<String, StaticFile> known = new ConcurrentHashMap<>();

    /** @param entries finds an entry of the bundle by its path, null if there is none */
    ConsoleFiles(Function<String, URL> entries) {
        this.entries = entries;
    }

    /** {@return the file at a path that begins with a slash; empty for anything that is not a file of the console} */
    Optional<StaticFile> find(String path) throws IOException {
        if (path.length() > PATH_CHARS_MAX || !PATH.matcher(path).matches() || path.endsWith(PACKED_SUFFIX)) {
            return Optional.empty();
        }
        StaticFile file = known.get(path);
        if (file == null) {
            // A folder has no extension and so no type: its entry is never opened.
            String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
            Optional<byte[]> plain = type == null ? Optional.empty() : read(path);
            if (plain.isEmpty()) {
                return Optional.empty();
            }
            boolean immutable = path.startsWith(HASHED_FOLDER);
            file = new StaticFile(plain.get(), read(path + PACKED_SUFFIX), type, etag(plain.get()), immutable);
            known.put(path, file);
        }
        return Optional.of(file);
    }

    private Optional<byte[]> read(String path) throws IOException {
        URL entry = entries.apply(ROOT + path);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = entry.openStream()) {
            return Optional.of(in.readAllBytes());
        }
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(hash)
                            .substring(0, 22)
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
