// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What names and passwords must look like. Lengths and the list of common ones after NIST SP 800-63B 5.1.1. */
final class PasswordRules {
    static final int PASSWORD_LENGTH_MIN = 8;
    static final int PASSWORD_LENGTH_MAX = 256;
    private static final int USERNAME_LENGTH_MAX = 64;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]*");

    private PasswordRules() {}

    /** @throws IllegalArgumentException beginning with the field's name */
    static String username(String username) {
        if (!NAME.matcher(username).matches() || username.length() > USERNAME_LENGTH_MAX) {
            throw new IllegalArgumentException("username must be 1 to " + USERNAME_LENGTH_MAX
                    + " letters, digits, dots, dashes, underscores or @, and begin with a letter or digit");
        }
        return username;
    }

    /** {@return whether somebody could have that name, which is written in one way only (Unicode NFKC)} */
    static boolean isUsername(String text) {
        return NAME.matcher(text).matches()
                && text.length() <= USERNAME_LENGTH_MAX
                && Normalizer.isNormalized(text, Normalizer.Form.NFKC);
    }

    /** @throws IllegalArgumentException beginning with {@code field} */
    static String password(String field, String password, String username) {
        if (password.length() < PASSWORD_LENGTH_MIN || password.length() > PASSWORD_LENGTH_MAX) {
            throw new IllegalArgumentException(field + " must have " + PASSWORD_LENGTH_MIN + " to "
                    + PASSWORD_LENGTH_MAX + " characters, not " + password.length());
        }
        if (password.toLowerCase(Locale.ROOT).contains(username.toLowerCase(Locale.ROOT)) && username.length() > 3
                || password.chars().distinct().count() < 3) {
            throw new IllegalArgumentException(
                    field + " is too easy to guess: do not use the user name or one or two characters only");
        }
        if (CommonPasswords.contains(password)) {
            throw new IllegalArgumentException(
                    field + " is one of those that are tried first. Choose several words, or let"
                            + " a password manager make one");
        }
        return password;
    }
}
