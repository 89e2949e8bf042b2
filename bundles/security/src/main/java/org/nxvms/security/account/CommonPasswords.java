// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Passwords that guessers try first, and those made of one by putting digits and signs around it ({@code Dragon2026!}).
 * The list is read when a password is set: seldom, and in milliseconds; nothing of it stays in memory.
 */
final class CommonPasswords {
    private static final String LIST = "common-passwords.txt";
    private static final String COMMENT = "# ";

    private CommonPasswords() {}

    /** {@return whether a guesser would try this early} */
    static boolean contains(String password) {
        String whole = password.toLowerCase(Locale.ROOT);
        String word = whole.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
        // A short word does not make a long password weak.
        Set<String> tried = word.length() * 2 >= whole.length() ? Set.copyOf(List.of(whole, word)) : Set.of(whole);
        try (InputStream list = CommonPasswords.class.getResourceAsStream(LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            return lines.lines().anyMatch(line -> !line.startsWith(COMMENT) && tried.contains(line));
        } catch (IOException e) {
            throw new UncheckedIOException("The list of common passwords in this bundle cannot be read", e);
        }
    }
}
