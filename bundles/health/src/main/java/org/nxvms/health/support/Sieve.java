// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a text leaves the server. Texts of ours hold no secrets in the first place; this takes out what a device, a library or a
 * person put into one: addresses, what stands in quotes, what looks like a key, what follows a word for a secret, known names.
 * Addresses of the network have the same number wherever they come up in one bundle, so that lines can be told apart. One thread.
 */
final class Sieve {
    /** Longer texts are cut: twice as long as a line of the log. */
    static final int TEXT_CHARS_MAX = 4_000;

    /** The colons of a MAC address; of an IPv6 address that leaves nothing out there are more. */
    private static final int COLONS_MIN = 5;

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*(?:\"|$)|(?<=[\\s(=:])'[^']*(?:'|$)");
    private static final Pattern JDBC = Pattern.compile("\\bjdbc:\\S+");
    private static final Pattern URL = Pattern.compile("\\b([A-Za-z][A-Za-z0-9+.-]{1,20}):[A-Za-z0-9:]{0,20}//\\S*");
    private static final Pattern MAIL = Pattern.compile("[^\\s@<>()\\[\\]]+@[^\\s@<>()\\[\\],;]+");
    /** A header that opens something, with whatever follows it. */
    private static final Pattern HEADER =
            Pattern.compile("(?i)\\b(?:authorization|cookie|bearer|basic|digest|x-[a-z-]{0,20}key)\\b\\s*[:= ].*");
    /** A word for a secret, and whatever is said it is. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)((?<![\\w.-])[\\w.-]{0,40}?(?:pass|pwd|secret|token|credential|otp|signature)[\\w.-]{0,40})(?:\\s+\\w{1,10}){0,2}\\s*[=:].*");

    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?<![\\w.-])[\\w.-]{0,40}?(?:key|pin|login|user|username|nonce|realm))\\s*[=:]\\s*[^\\s,;&)}\\]]+");
    private static final Pattern IPV4 = Pattern.compile("(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.]*\\w)");
    private static final Pattern COLONS =
            Pattern.compile("(?i)(?<![\\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\\w+)?(?![\\w:])");
    /** Keys, hashes and tokens are as long as this, and so are names of classes and files. */
    private static final int LONG_CHARS_MIN = 16;

    /** Names of classes are shorter than keys of 256 bits. */
    private static final int WORDS_CHARS_MAX = 43;

    private static final Pattern LONG = Pattern.compile("[A-Za-z0-9+/_=$.~-]{" + LONG_CHARS_MIN + ",}");

    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern JOINED = Pattern.compile("[+=_-]");
    private static final Pattern BASE32 = Pattern.compile("[A-Z2-7]+=*");

    private final KnownNames names;
    private final Map<String, String> addresses = new HashMap<>();

    Sieve(KnownNames names) {
        this.names = names;
    }

    /** {@return what of a text may leave} */
    String text(String text) {
        String left = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) + " [cut]" : text;
        left = HEADER.matcher(left).replaceAll("[credentials]");
        left = SECRET.matcher(left).replaceAll("$1=[value]");
        left = JDBC.matcher(left).replaceAll("jdbc:[address]");
        left = URL.matcher(left).replaceAll("$1://[address]");
        left = QUOTED.matcher(left).replaceAll("\"[text]\"");
        left = MAIL.matcher(left).replaceAll("[mail]");
        left = NAMED.matcher(left).replaceAll("$1=[value]");
        left = names.replaced(left);
        left = IPV4.matcher(left).replaceAll(found -> numbered(found.group()));
        left = COLONS.matcher(left).replaceAll(this::colons);
        return LONG.matcher(left).replaceAll(Sieve::kept);
    }

    /** Times of the day have colons, too. */
    private String colons(MatchResult found) {
        String text = found.group();
        boolean address = text.contains("::") && text.length() > 2
                || text.chars().filter(c -> c == ':').count() >= COLONS_MIN;
        return address ? numbered(text) : Matcher.quoteReplacement(text);
    }

    private String numbered(String address) {
        return addresses.computeIfAbsent(address, one -> "[address-" + (addresses.size() + 1) + "]");
    }

    private static String kept(MatchResult found) {
        for (String piece : found.group().split("[./$~]")) {
            if (!UUID.matcher(piece).matches() && !isNamed(piece)) {
                return "[value]";
            }
        }
        return Matcher.quoteReplacement(found.group());
    }

    /** {@return whether a piece of a long text is a number, or a name as people and programs give them, rather than made by chance} */
    private static boolean isNamed(String piece) {
        long numbers = DIGITS.matcher(piece).results().count();
        boolean capitals = piece.chars().anyMatch(Character::isUpperCase);
        boolean small = piece.chars().anyMatch(Character::isLowerCase);
        boolean isLong = piece.length() >= LONG_CHARS_MIN;
        if (!capitals && !small || !isLong && numbers <= 1) {
            return true;
        }
        if (isLong && BASE32.matcher(piece).matches()) {
            return false;
        }
        if (capitals && small) {
            return numbers == 0 && !JOINED.matcher(piece).find() && isOfWords(piece);
        }
        return numbers <= 2;
    }

    /** {@return whether letters change between small ones and capitals as rarely as in joined words} */
    private static boolean isOfWords(String piece) {
        int turns = 0;
        for (int i = 1; i < piece.length(); i++) {
            turns += Character.isUpperCase(piece.charAt(i)) == Character.isUpperCase(piece.charAt(i - 1)) ? 0 : 1;
        }
        return turns * 3 <= piece.length() && piece.length() < WORDS_CHARS_MAX;
    }
}
