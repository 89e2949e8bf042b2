// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What stands in {@code etc/*.cfg}, with a fingerprint in the place of each secret. */
final class SettingsFiles {
    static final String SEALED = "(secret, sealed) ";
    static final String PLAIN = "(secret) ";

    private static final String SUFFIX = ".cfg";
    private static final long FILE_BYTES_MAX = 1 << 18;
    private static final String SEAL = "sealed:";
    private static final Pattern SECRET_KEYS =
            Pattern.compile(".*(passw|passphrase|secret|token|credential|headers|authorization|apikey|privatekey).*");
    /** With user information or a query, where keys are. */
    private static final Pattern SECRET_VALUES = Pattern.compile(".*://\\S*[@?].*", Pattern.DOTALL);

    private final Path folder;
    private final Function<String, Map<String, Setting>> known;

    /** @param known the settings of a part by its PID */
    SettingsFiles(Path folder, Function<String, Map<String, Setting>> known) {
        this.folder = folder;
        this.known = known;
    }

    Path folder() {
        return folder;
    }

    /**
     * {@return keys and values by PID}
     *
     * @param before counts for a file that cannot be read now
     * @param salt of fingerprints
     */
    Map<String, Map<String, String>> read(Map<String, Map<String, String>> before, String salt) throws IOException {
        Map<String, Map<String, String>> all = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String pid = name.substring(0, name.length() - SUFFIX.length());
                try {
                    all.put(pid, values(file, pid, salt));
                } catch (IOException | IllegalArgumentException unreadable) {
                    if (Files.exists(file) && before.containsKey(pid)) {
                        all.put(pid, before.get(pid));
                    }
                }
            }
        }
        return all;
    }

    private Map<String, String> values(Path file, String pid, String salt) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("too large for settings");
        }
        Properties properties = new Properties();
        properties.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
        Map<String, String> values = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            String value = properties.getProperty(key).strip();
            values.put(key, isSecret(pid, key, value) ? fingerprint(salt + pid + '\n' + key + '\n', value) : value);
        }
        return values;
    }

    private boolean isSecret(String pid, String key, String value) {
        if (value.isEmpty()) {
            return false;
        }
        Map<String, Setting> settings = known.apply(pid);
        int dash = pid.lastIndexOf('-');
        Setting setting = settings.isEmpty() && dash > 0
                ? known.apply(pid.substring(0, dash)).get(key)
                : settings.get(key);
        return setting != null && setting.isSecret()
                || value.startsWith(SEAL)
                || SECRET_KEYS.matcher(key.toLowerCase(Locale.ROOT)).matches()
                || SECRET_VALUES.matcher(value).matches();
    }

    private static String fingerprint(String salt, String value) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((salt + value).getBytes(StandardCharsets.UTF_8));
            return (value.startsWith(SEAL) ? SEALED : PLAIN)
                    + HexFormat.of().formatHex(digest).substring(0, 32);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each JDK has SHA-256", impossible);
        }
    }
}
