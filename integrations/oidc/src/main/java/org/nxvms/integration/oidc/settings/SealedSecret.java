// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.platform.api.security.SecretVault;

/** The secret of a client as it stands in a file of settings: sealed, or soon to be. */
public final class SealedSecret {
    private static final String MARK = "sealed:";
    private static final int FILE_BYTES_MAX = 1 << 16;

    private final String name;
    private final String stored;

    /** @param stored not empty */
    public SealedSecret(String name, String stored) {
        this.name = name;
        this.stored = stored;
    }

    /**
     * {@return the secret}
     *
     * @throws IllegalArgumentException when it was not sealed here for this provider
     */
    public String open(SecretVault vault) {
        if (!stored.startsWith(MARK)) {
            return stored;
        }
        try {
            return vault.open(stored.substring(MARK.length()), purpose());
        } catch (IllegalArgumentException foreign) {
            throw new IllegalArgumentException(
                    ProviderSettings.SECRET
                            + " was sealed by another server or for another provider, or was altered; set it" + " anew",
                    foreign);
        }
    }

    /** {@return whether it should not stand there as it does} A placeholder is filled in from elsewhere. */
    public boolean isPlain() {
        return !stored.startsWith(MARK);
    }

    /** {@return whether a file has one that was sealed} */
    public static boolean isSealedIn(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .map(line -> line.strip().split("\\s*[=:]\\s*", 2))
                .anyMatch(parts ->
                        parts.length == 2 && parts[0].equals(ProviderSettings.SECRET) && parts[1].startsWith(MARK));
    }

    /**
     * Replaces it in the file, as a whole or not at all. The rest of the file stays as people wrote it.
     *
     * @return false when it is filled in from elsewhere by a placeholder
     * @throws IOException when the file cannot be written, or has it in a form that is not understood here
     */
    public boolean seal(Path file, SecretVault vault) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + " has more than " + FILE_BYTES_MAX + " bytes");
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        int at = -1;
        for (int n = 0; n < lines.size() && at < 0; n++) {
            String[] parts = lines.get(n).strip().split("\\s*[=:]\\s*", 2);
            at = parts.length == 2 && parts[0].equals(ProviderSettings.SECRET) && parts[1].equals(stored) ? n : -1;
        }
        if (at < 0) {
            boolean elsewhere = lines.stream()
                    .anyMatch(line -> line.strip().startsWith(ProviderSettings.SECRET)
                            && (line.contains("${") || line.contains("$[")));
            if (elsewhere) {
                return false;
            }
            throw new IOException(
                    "it does not stand there in plain letters, without \\\\ and quotes, in one line; write it"
                            + " so, or have it filled in from the environment");
        }
        List<String> sealed = new ArrayList<>(lines);
        sealed.set(at, ProviderSettings.SECRET + " = " + MARK + vault.seal(stored, purpose()));
        PrivateFile.write(file, (String.join("\n", sealed) + "\n").getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private String purpose() {
        return "oidc/" + name + "/" + ProviderSettings.SECRET;
    }

    /** Shows nothing of it. */
    @Override
    public String toString() {
        return "secret of " + name;
    }
}
