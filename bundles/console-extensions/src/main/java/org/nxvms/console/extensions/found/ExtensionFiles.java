// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;

/**
 * The files of an extension: all that lies in the folder of its description, read through once for the hash they are
 * addressed by, and from the bundle again when somebody asks. So what has an address never changes. Immutable.
 */
public final class ExtensionFiles {
    /** What is loaded into a browser is far smaller; it bounds what a bundle's start is held up by. */
    static final long BYTES_MAX = 16L << 20;

    static final int FILES_MAX = 1_000;
    private static final int DEPTH_MAX = 10;
    private static final int HASH_CHARS = 16;
    private static final int BUFFER_BYTES = 1 << 14;

    private final Bundle bundle;
    private final String folder;
    private final SortedMap<String, Long> sizes;
    private final String hash;

    private ExtensionFiles(Bundle bundle, String folder, SortedMap<String, Long> sizes, String hash) {
        this.bundle = bundle;
        this.folder = folder;
        this.sizes = Collections.unmodifiableSortedMap(sizes);
        this.hash = hash;
    }

    /**
     * A file that is there.
     *
     * @param content where its bytes are
     */
    public record Served(URL content, String type, long bytes) {}

    /** @param folder without a slash at its end */
    static ExtensionFiles of(Bundle bundle, String folder) throws FlawedExtensionException, IOException {
        SortedMap<String, Long> sizes = new TreeMap<>();
        for (String path : paths(bundle, folder)) {
            sizes.put(path, 0L);
        }
        MessageDigest all = sha256();
        long bytes = 0;
        for (Map.Entry<String, Long> file : sizes.entrySet()) {
            MessageDigest one = sha256();
            long size = read(bundle, folder + "/" + file.getKey(), one, BYTES_MAX - bytes);
            bytes += size;
            file.setValue(size);
            all.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            all.update((byte) 0);
            all.update(one.digest());
        }
        return new ExtensionFiles(
                bundle, folder, sizes, HexFormat.of().formatHex(all.digest()).substring(0, HASH_CHARS));
    }

    /** {@return what the files are addressed by: another one as soon as a byte or a name is another} */
    public String hash() {
        return hash;
    }

    /**
     * {@return a file; empty when there is none of this name, or not any more because the bundle has gone}
     *
     * @param path below the folder, without a slash at its beginning
     */
    public Optional<Served> find(String path) {
        Long size = sizes.get(path);
        if (size == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(bundle.getEntry(folder + "/" + path))
                    .map(content -> new Served(content, Names.type(path).orElseThrow(), size));
        } catch (IllegalStateException gone) {
            return Optional.empty();
        }
    }

    boolean has(String path) {
        return sizes.containsKey(path);
    }

    /** Not by {@code findEntries}, which shows what fragments add, and resolves the bundle. */
    private static Set<String> paths(Bundle bundle, String folder) throws FlawedExtensionException {
        Set<String> found = new TreeSet<>();
        Deque<String> folders = new ArrayDeque<>();
        folders.add(folder + "/");
        while (!folders.isEmpty()) {
            var entries = bundle.getEntryPaths(folders.remove());
            while (entries != null && entries.hasMoreElements()) {
                String entry = entries.nextElement();
                if (entry.endsWith("/")) {
                    if (entry.chars().filter(c -> c == '/').count() > DEPTH_MAX) {
                        throw new FlawedExtensionException("Its folders nest deeper than " + DEPTH_MAX + ".");
                    }
                    folders.add(entry);
                } else {
                    found.add(checked(entry.substring(folder.length() + 1)));
                    if (found.size() > FILES_MAX) {
                        throw new FlawedExtensionException(
                                "It has more than " + FILES_MAX + " files in " + folder + ": bundle its modules.");
                    }
                }
            }
        }
        return found;
    }

    private static String checked(String path) throws FlawedExtensionException {
        if (!Names.isPath(path)) {
            throw new FlawedExtensionException("The name of its file " + printable(path)
                    + " cannot be served: use letters, digits, dots, - and _, no dot first, " + Names.PATH_CHARS_MAX
                    + " characters at most.");
        }
        if (Names.type(path).isEmpty()) {
            throw new FlawedExtensionException("Its file " + path + " is of a kind that is not served. Served are "
                    + Names.types() + "; what is not for browsers belongs into another folder.");
        }
        return path;
    }

    private static long read(Bundle bundle, String path, MessageDigest into, long bytesLeft)
            throws FlawedExtensionException, IOException {
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            throw new IOException(path + " is listed in the bundle and cannot be read");
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = new DigestInputStream(entry.openStream(), into)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > bytesLeft) {
                    throw new FlawedExtensionException(
                            "Its files have more than " + BYTES_MAX + " bytes, which browsers would have to load.");
                }
            }
        }
        return size;
    }

    private static String printable(String path) {
        String cut = path.length() > 100 ? path.substring(0, 100) + "…" : path;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
