// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Properties;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the server and its relays share: sealed in the file of settings soon after somebody wrote it there. */
final class TurnSecret {
    private static final String KEY = "secret";
    private static final String MARK = "sealed:";
    private static final String PURPOSE = "webrtc-turn/" + KEY;
    private static final String FILE = "felix.fileinstall.filename";

    private final SecretVault vault;

    TurnSecret(SecretVault vault) {
        this.vault = vault;
    }

    /** @throws IllegalArgumentException when it was sealed elsewhere */
    String open(String stored) {
        if (!stored.startsWith(MARK)) {
            return stored;
        }
        try {
            return vault.open(stored.substring(MARK.length()), PURPOSE);
        } catch (IllegalArgumentException foreign) {
            throw new IllegalArgumentException(
                    KEY + " was sealed by another server, or was altered; write it anew", foreign);
        }
    }

    /** Replaces what stands in the clear; what the framework fills in from elsewhere ({@code ${env:...}}) stays. */
    void seal(ConfigurationAdmin admin, String pid) throws IOException {
        Configuration configuration = admin.getConfiguration(pid, "?");
        Dictionary<String, Object> properties = configuration.getProperties();
        if (properties == null || !(properties.get(KEY) instanceof String plain)) {
            return;
        }
        if (plain.isEmpty() || plain.startsWith(MARK) || isFilledIn(plain) || isFilledIn(inFile(properties))) {
            return;
        }
        properties.put(KEY, MARK + vault.seal(plain, PURPOSE));
        configuration.update(properties);
    }

    private static boolean isFilledIn(String text) {
        return text.contains("${") || text.contains("$[");
    }

    private static String inFile(Dictionary<String, Object> properties) throws IOException {
        if (!(properties.get(FILE) instanceof String file)) {
            return "";
        }
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(URI.create(file)))) {
            read.load(in);
        }
        return read.getProperty(KEY, "");
    }
}
