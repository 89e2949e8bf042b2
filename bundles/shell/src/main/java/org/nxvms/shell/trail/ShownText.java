// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.util.regex.Pattern;

/** What was typed, without what looks like a secret: rather too little is shown. */
final class ShownText {
    private static final String HIDDEN = "***";
    /** One word, or what is within quotes, to the end of the line if they are left open. */
    private static final String VALUE =
            "(?:\"(?:[^\"\\\\]++|\\\\.)*+(?:\"|\\z)|'[^']*+(?:'|\\z)|\\\\.|[^\\s\"'\\\\;|]++)++";

    private static final String SECRET =
            "[\\w.-]*(?:passw|passphrase|pwd|secret|token|credential|authorization|api-?key|private-?key|headers)[\\w.-]*";

    private static final Pattern ASSIGNED =
            Pattern.compile("(" + SECRET + "[\"']?\\s*[=:]\\s*)" + VALUE, Pattern.CASE_INSENSITIVE);
    private static final Pattern FOLLOWING = Pattern.compile(
            "((?:^|(?<=[\\s\"'{(]))-{0,2}" + SECRET + "[\"']?\\s+)(?![=\\s])" + VALUE, Pattern.CASE_INSENSITIVE);
    private static final Pattern OPTION = Pattern.compile("((?<=\\s)(?:-P|-pw)\\s+)" + VALUE);
    /** Names and passwords follow each other; the name is shown. */
    private static final Pattern USERS = Pattern.compile(
            "((?:^|(?<=[\\s;|&{(]))(?:jaas:[\\w-]+|user-?add|su|sudo)(?:\\s+" + VALUE + ")?)(?:[^\\S\\n]+" + VALUE
                    + ")+",
            Pattern.CASE_INSENSITIVE);

    /** A program of the machine has options of its own: it is named, and none of them. */
    private static final Pattern PROGRAM = Pattern.compile(
            "((?:^|(?<=[\\s;|&{(\"']))(?:shell:)?exec\\s+" + VALUE + ")\\s+\\S.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    /** Its value has a space within. */
    private static final Pattern HEADER =
            Pattern.compile("(authorization[\"']?\\s*[=:]\\s*)[^\"';|\\n]+", Pattern.CASE_INSENSITIVE);

    private static final Pattern URL_USER = Pattern.compile("://[^\\s\"']*@");
    /** Of which the end is not seen. */
    private static final Pattern URL_CUT = Pattern.compile("://[^\\s\"']*\\z");

    private static final Pattern URL_QUERY = Pattern.compile("(://[^\\s?\"']*\\?)[^\\s\"']+");
    private static final Pattern LINES = Pattern.compile("\\s*\\R\\s*");

    /** More than a note takes; what is behind it is not looked at. */
    private static final int LENGTH_MAX = 1_000;

    private ShownText() {}

    static String of(CharSequence typed) {
        String text = typed.subSequence(0, Math.min(typed.length(), LENGTH_MAX))
                .toString()
                .replaceAll("\\\\\\R", " ");
        if (typed.length() > LENGTH_MAX) {
            text = URL_CUT.matcher(text).replaceAll("://" + HIDDEN);
        }
        text = PROGRAM.matcher(text).replaceAll("$1 " + HIDDEN);
        text = URL_USER.matcher(text).replaceAll("://" + HIDDEN + "@");
        text = HEADER.matcher(text).replaceAll("$1" + HIDDEN);
        text = URL_QUERY.matcher(text).replaceAll("$1" + HIDDEN);
        text = USERS.matcher(text).replaceAll("$1 " + HIDDEN);
        text = OPTION.matcher(text).replaceAll("$1" + HIDDEN);
        text = ASSIGNED.matcher(text).replaceAll("$1" + HIDDEN);
        text = FOLLOWING.matcher(text).replaceAll("$1" + HIDDEN);
        return LINES.matcher(text.strip()).replaceAll("; ");
    }
}
