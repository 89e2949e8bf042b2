// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.settings;

import java.util.Map;
import java.util.function.Supplier;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.SecretVault;

/** What of an endpoint may be stored only sealed: its secret and the values of its headers. Any thread; the vault may come and go. */
public final class Secrets {
    private static final String MARK = "sealed:";

    private final Supplier<SecretVault> vault;

    /** @param vault gives null while it is away */
    public Secrets(Supplier<SecretVault> vault) {
        this.vault = vault;
    }

    /**
     * What to sign with, and what to send beside.
     *
     * @param key of the signature
     */
    public record Opened(byte[] key, Map<String, String> headers) {}

    /**
     * @throws StoreException while there is no vault and something is to be opened
     * @throws IllegalArgumentException beginning with the key that cannot work
     */
    public Opened open(Settings settings) {
        if (settings.secret().isEmpty()) {
            throw new IllegalArgumentException(
                    "secret is missing; have one made: POST /api/v1/webhooks/" + settings.name() + "/secret");
        }
        return new Opened(
                Signature.key(opened(settings.name(), Settings.SECRET, settings.secret())),
                headers(settings.name(), settings.headers()));
    }

    /** As {@link #open}, for the headers alone. */
    public Map<String, String> headers(String name, String stored) {
        return ExtraHeaders.read(opened(name, Settings.HEADERS, stored));
    }

    /** @throws StoreException while there is no vault */
    public String seal(String name, String key, String plain) {
        return plain.isEmpty() ? "" : MARK + vaultNow().seal(plain, purpose(name, key));
    }

    /** {@return whether a text of a file should not stand there as it does} */
    static boolean isPlain(String stored) {
        // A placeholder is filled in by the framework: the secret stands in the environment, not in the file.
        return !stored.isEmpty() && !stored.startsWith(MARK) && !stored.contains("${");
    }

    private String opened(String name, String key, String stored) {
        if (!stored.startsWith(MARK)) {
            return stored;
        }
        try {
            return vaultNow().open(stored.substring(MARK.length()), purpose(name, key));
        } catch (IllegalArgumentException foreign) {
            throw new IllegalArgumentException(
                    key + " was sealed by another server, for another endpoint, or was altered; set it anew", foreign);
        }
    }

    private SecretVault vaultNow() {
        SecretVault now = vault.get();
        if (now == null) {
            throw new StoreException(
                    "The vault that seals secrets is not running at the moment; try again in a few seconds.", null);
        }
        return now;
    }

    private static String purpose(String name, String key) {
        return "webhook/" + name + "/" + key;
    }
}
