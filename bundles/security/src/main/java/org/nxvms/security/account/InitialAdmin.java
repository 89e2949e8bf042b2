// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The password of {@code admin} on a server without users: from the environment, or random in a file. */
final class InitialAdmin {
    static final String USERNAME = "admin";
    private static final Logger LOG = LoggerFactory.getLogger(InitialAdmin.class);

    /** No characters that look alike. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int LENGTH = 20;

    private final Path file;
    private final Optional<String> wished;
    /** The hash whose password the file was found to hold; the store's thread. */
    private String held = "";

    /** @param wished value of {@code NXVMS_ADMIN_PASSWORD} */
    InitialAdmin(Path dataFolder, Optional<String> wished) {
        this.file = dataFolder.resolve("initial-admin-password");
        this.wished = wished.filter(password -> !password.isEmpty());
    }

    /** A password, and whether it must be changed at first login. */
    record Initial(String password, boolean mustChange) {
        @Override
        public String toString() {
            return "Initial[mustChange=" + mustChange + "]";
        }
    }

    /** {@return the password to begin with} A random one stands in its file before this returns. */
    Initial create() throws IOException {
        if (wished.isPresent()) {
            try {
                return new Initial(PasswordRules.password("NXVMS_ADMIN_PASSWORD", wished.get(), USERNAME), false);
            } catch (IllegalArgumentException e) {
                LOG.error("{}. A random password is used instead and stands in {}", e.getMessage(), file);
            }
        }
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        SafeFile.write(file, (password + "\n").getBytes(StandardCharsets.UTF_8));
        LOG.info("User {} begins with the password in {}; it must be changed at first login", USERNAME, file);
        return new Initial(password.toString(), true);
    }

    /**
     * Removes the file unless it holds the password of the first user still: another one may be in force by a change, or by
     * a backup that was restored.
     *
     * @param hash of the password that must be changed; empty when there is none
     * @param matches whether a password is that of a hash
     */
    void look(Optional<String> hash, BiPredicate<String, String> matches) {
        if (hash.isEmpty()) {
            forget();
        } else if (!hash.get().equals(held)) {
            try {
                if (Files.exists(file) && !matches.test(Files.readString(file).strip(), hash.get())) {
                    forget();
                }
                held = hash.get();
            } catch (IOException e) {
                LOG.warn("{} cannot be read", file, e);
            } catch (PasswordHasher.BusyException e) {
                LOG.debug("{} is looked at again", file, e);
            }
        }
    }

    /** Removes the file: its password is no longer in force. */
    void forget() {
        try {
            if (Files.exists(file)) {
                SafeFile.delete(file);
                LOG.info("Removed {}: its password is not in force any more", file);
            }
        } catch (IOException e) {
            LOG.warn("{} holds a password that is no longer in force and cannot be removed; remove it", file, e);
        }
    }
}
