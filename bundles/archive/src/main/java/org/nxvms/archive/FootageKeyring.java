// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of encrypted footage, in {@code keys/footage/} of the data folder, outside database and volumes: a file
 * {@code {id}.key} each, and {@code current} with the id of the one for new chunks. That one was made is also written
 * outside that folder, so that a folder that is lost, or not mounted yet, is not taken for a new one. Files are read
 * whenever a key is asked for; {@link CurrentKey} is in front of that for new chunks. Any thread; blocks on the system
 * disk.
 */
final class FootageKeyring implements CurrentKey.Keys {
    static final int KEY_BYTES = 32;
    static final int ID_BYTES = 16;
    private static final Logger LOG = LoggerFactory.getLogger(FootageKeyring.class);
    private static final String CURRENT = "current";
    private static final String SUFFIX = ".key";
    private static final String FORMAT = "nxvms-footage-key-1";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final int FILE_BYTES_MAX = 4096;
    private static final byte[] ID_INFO = "nxvms-footage-key-id-1".getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    /** Names the key made last. */
    private final Path marker;

    private final SecureRandom random = new SecureRandom();

    /**
     * A key.
     *
     * @param id its name, {@link #ID_BYTES} derived from it
     * @param secret {@link #KEY_BYTES}; not copied
     */
    record Key(byte[] id, byte[] secret, Instant created) {
        String name() {
            return HexFormat.of().formatHex(id);
        }
    }

    /** A key is missing or not what it should be; to read again does not help. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message);
        }
    }

    /** @param folder {@code keys/footage} of the data folder */
    FootageKeyring(Path folder) {
        this.folder = folder;
        // Not in keys, which may be a mount as a whole; beside what is known of the volumes the key was used for.
        this.marker = folder.resolve("../../volumes/footage-key").normalize();
    }

    @Override
    public Path folder() {
        return folder;
    }

    /**
     * {@return the key for new chunks; the very first is made}
     *
     * @throws IOException when it cannot be had; the message says what to do. None is made in place of a lost one
     */
    @Override
    public synchronized Key current() throws IOException {
        Optional<String> id = currentId();
        if (id.isEmpty()) {
            return firstKey();
        }
        Key key = find(id.get())
                .orElseThrow(() -> new LostException("the key for new footage, " + file(id.get())
                        + ", is not there; put it back from a backup, or have a new one made by nxvms:footage-keys"
                        + " --rotate"));
        markUp(key);
        return key;
    }

    /** For keys that were put back from another data folder. */
    private void markUp(Key key) {
        if (!Files.exists(marker)) {
            try {
                SecretFile.write(marker, key.name() + "\n");
            } catch (IOException notYet) {
                LOG.debug("{} cannot be written yet", marker, notYet);
            }
        }
    }

    /** Nothing says which key is for new chunks: there was none yet, or making the first one broke off, or it is lost. */
    private Key firstKey() throws IOException {
        Optional<String> made = made();
        List<String> there = ids();
        if (made.isEmpty() && there.isEmpty()) {
            Key first = make();
            LOG.warn(
                    "Made a first key of encrypted footage in {}; keep a copy, without it the footage is lost", folder);
            return first;
        }
        if (there.size() == 1 && made.map(there.get(0)::equals).orElse(true)) {
            Optional<Key> only = find(there.get(0));
            if (only.isPresent()) {
                pointTo(only.get());
                return only.get();
            }
        }
        throw new LostException(folder.resolve(CURRENT) + ", which names the key for new footage, is not there, though "
                + made.map(id -> "key " + id + " was made").orElse("there are keys")
                + "; mount " + folder + " or put it back from a backup, or have a new key made by"
                + " nxvms:footage-keys --rotate");
    }

    /** {@return the key made last, as it is known outside the folder of keys; empty when none was ever made} */
    private Optional<String> made() throws IOException {
        try {
            return Optional.of(text(marker).strip());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private Optional<String> currentId() throws IOException {
        try {
            String id = text(folder.resolve(CURRENT)).strip();
            if (!ID.matcher(id).matches()) {
                throw new LostException(folder.resolve(CURRENT) + " does not name a key; put it back from a backup, or"
                        + " have a new key made by nxvms:footage-keys --rotate");
            }
            return Optional.of(id);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Makes a new key for chunks that begin from now on; the others stay. */
    @Override
    public synchronized Key rotate() throws IOException {
        return make();
    }

    @Override
    public synchronized void keep(Key key) throws IOException {
        Path file = file(key.name());
        try {
            if (find(key.name()).isPresent()) {
                return;
            }
        } catch (LostException damaged) {
            LOG.warn("{}; it is put aside and written anew from memory", damaged.getMessage());
            Files.move(file, file.resolveSibling(key.name() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
        SecretFile.write(file, text(key));
        LOG.warn("Wrote key {} back to {} from memory; keep a copy", key.name(), file);
    }

    private static String text(Key key) {
        return FORMAT + "\n" + Base64.getEncoder().encodeToString(key.secret()) + "\n" + key.created() + "\n";
    }

    private Key make() throws IOException {
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        Key key = new Key(id(secret), secret, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        // The key first: nothing may be encrypted by a key that a power cut can take.
        SecretFile.write(file(key.name()), text(key));
        pointTo(key);
        return key;
    }

    /** The marker first: once a key may be used, it is known outside the folder that there is one. */
    private void pointTo(Key key) throws IOException {
        SecretFile.write(marker, key.name() + "\n");
        SecretFile.write(folder.resolve(CURRENT), key.name() + "\n");
    }

    /**
     * {@return the key of this id; empty when it is not here}
     *
     * @throws IOException when its file is there and cannot be read, or is not that key
     */
    Optional<Key> find(byte[] id) throws IOException {
        return find(HexFormat.of().formatHex(id));
    }

    private Optional<Key> find(String id) throws IOException {
        Path file = file(id);
        try {
            List<String> lines = text(file).lines().map(String::strip).toList();
            if (lines.size() < 3 || !lines.get(0).equals(FORMAT)) {
                throw new LostException(file + " is no key of footage; put it back from a backup");
            }
            byte[] secret = Base64.getDecoder().decode(lines.get(1));
            if (secret.length != KEY_BYTES
                    || !MessageDigest.isEqual(id(secret), HexFormat.of().parseHex(id))) {
                throw new LostException(file + " is not the key its name says; put it back from a backup");
            }
            return Optional.of(new Key(id(secret), secret, Instant.parse(lines.get(2))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException | DateTimeException damaged) {
            // Without the text, which is a secret.
            throw new LostException(file + " is damaged; put it back from a backup");
        }
    }

    /** {@return all keys that can be read, oldest first; one that cannot is told in the log} */
    List<Key> keys() throws IOException {
        List<Key> keys = new ArrayList<>();
        ids().forEach(id -> add(id, keys));
        keys.sort(Comparator.comparing(Key::created).thenComparing(Key::name));
        return keys;
    }

    /** {@return the names of all keys that are there, readable or not} */
    private List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String id = name.substring(0, name.length() - SUFFIX.length());
                if (ID.matcher(id).matches()) {
                    ids.add(id);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return ids;
    }

    private void add(String id, List<Key> keys) {
        try {
            find(id).ifPresent(keys::add);
        } catch (IOException damaged) {
            LOG.warn("{}", damaged.getMessage());
        }
    }

    /** {@return whether the key is the one for new chunks} */
    boolean isCurrent(Key key) {
        try {
            return currentId().filter(key.name()::equals).isPresent();
        } catch (IOException unknown) {
            return false;
        }
    }

    Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new LostException(file + " is larger than " + FILE_BYTES_MAX + " bytes: not a key of footage");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static byte[] id(byte[] secret) {
        return Hkdf.derive(secret, ID_INFO, ID_INFO, ID_BYTES);
    }
}
