// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

/** What engines and drivers say, as people read it. */
final class Sentences {
    private Sentences() {}

    /** {@return the text with a capital first letter and a full stop; empty stays empty} */
    static String of(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return "";
        }
        char last = trimmed.charAt(trimmed.length() - 1);
        String stop = last == '.' || last == '!' || last == '?' ? "" : ".";
        return Character.toUpperCase(trimmed.charAt(0)) + trimmed.substring(1) + stop;
    }
}
