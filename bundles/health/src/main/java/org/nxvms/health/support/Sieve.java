// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a text leaves the server. Texts of ours hold no secrets in the first place; this takes out what a device, a library or a
 * person put into one: addresses, names of hosts, what stands in quotes, what looks like a key, what follows a word for a secret,
 * known names, and names of users and volumes where our sentences have them. Addresses and hosts have the same number wherever they come up in one bundle, so that lines can be told apart. One thread.
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
    /** A name of dotted parts, as hosts have one, and a port where there is one; whether it is a host {@link #isHost} says. */
    private static final Pattern DOTTED = Pattern.compile(
            "(?<![\\w.-])(?<to>(?i:to|from|host|server|dialing) )?(?<name>(?:[\\w-]{1,63}\\.){1,10}(?<last>[A-Za-z][\\w-]{1,62}))"
                    + "(?![\\w$-]|\\.\\w)(?<port>:\\d{1,5}\\b)?");
    /** What Java says of a host that nobody knows, which may have no dot. */
    private static final Pattern UNKNOWN_HOST =
            Pattern.compile("\\b((?:UnknownHost|UnresolvedAddress)\\w*: )([^\\s:\\[]+)");
    /** A name without a dot, and a port; in a network at home hosts have no other names. */
    private static final Pattern BARE_PORT = Pattern.compile(
            "(?<![\\w.:/@$%-])(?<name>(?=[\\w-]*[A-Za-z])[A-Za-z0-9][\\w-]{0,62})(?=:\\d{2,5}(?![\\w.:-]))");
    /** What stands before it is told of hosts alone. */
    private static final Pattern BARE_NAMED = Pattern.compile(
            "(?i)\\b(?<to>(?:connect(?:|s|ed|ing|ions?) (?:to|with)|dialing|resolving|lookup of|host) )(?!(?:"
                    + "the|a|an|its?|their|this"
                    + "|that|these|those|any|no|one|it|them|him|is|are|was|has|had|and|or|of|in|on|by|at|to|for|with|without|not|key|keys"
                    + "|name|names|part|address|addresses|can|cannot|may|must|will|answers|refuses|needs|which|who|when|if|server|servers|camera|cameras|database|device|devices|service|services"
                    + "|unreachable|unknown|down|header|port|ports|itself|client|clients|another|other|others"
                    + ")(?!\\w))(?<name>(?=[\\w-]*[A-Za-z])[A-Za-z0-9][\\w-]{0,62})(?![\\w@/(-]|[.:]\\w)");
    /** What resolvers say behind it. */
    private static final Pattern UNRESOLVED = Pattern.compile(
            "(?<![\\w.-])(?<name>[A-Za-z0-9][\\w.-]{0,252})(?=: (?:Name or service not known|Temporary failure in name"
                    + " resolution|No address associated with|nodename nor servname|System error))");
    /** What has a number behind a colon, and is no host. */
    private static final Set<String> NUMBERED = Set.of(
            "line",
            "port",
            "status",
            "code",
            "pid",
            "id",
            "version",
            "size",
            "count",
            "track",
            "channel",
            "level",
            "step",
            "row",
            "column",
            "offset",
            "rtpmap",
            "fmtp",
            "localhost",
            "source",
            "error",
            "http",
            "https",
            "ms",
            "bytes");

    /** Names of packages begin so. */
    private static final Set<String> PACKAGES = Set.of("org", "com", "java", "javax", "jdk", "sun", "io");
    /** Names of packages that are here begin so, whatever stands around them. */
    private static final Pattern HERE = Pattern.compile(
            "(?:java|javax|jdk|sun\\.(?:misc|net|nio|reflect|rmi|security|util)|org\\.(?:nxvms|apache|osgi|ops4j|eclipse|slf4j|h2"
                    + "|postgresql|w3c|xml|jline|bouncycastle|hibernate|flywaydb)|com\\.(?:sun|fasterxml|zaxxer)|io\\.(?:swagger|netty))\\..*");
    /** Names of files end so, and names of hosts too. */
    private static final Set<String> FILES_AND_HOSTS = Set.of("zip", "so", "sh", "properties");
    /** Names of files end so. */
    private static final Set<String> FILES = Set.of(
            "log",
            "gz",
            "zip",
            "mp4",
            "m4s",
            "ts",
            "jpg",
            "cfg",
            "jar",
            "so",
            "xml",
            "json",
            "properties",
            "txt",
            "tmp",
            "part",
            "db",
            "pem",
            "key",
            "p12",
            "java",
            "class",
            "js",
            "css",
            "html",
            "m3u8",
            "mpd",
            "yml",
            "yaml",
            "sh",
            "conf",
            "sql");

    /** Sentences of ours name users and volumes so; a word that goes on with the sentence is no name. */
    private static final Pattern USER = Pattern.compile("\\b([Uu]ser) (?!(?:"
            + "is|are|was|has|had|have|of|who|whom|and|or|name|names|may|must|can|cannot|with|without|in|for|to|the|that|a|an|does|did"
            + "|by|from|at|on|could|would|should|directory|account|accounts|sessions?|agent|interface|not|needs|signed"
            + ")\\b)[^\\s,;:\\[\\]()]+(?<![.])");

    private static final Pattern BY_USER = Pattern.compile("^\\S+(?= ended (?:all|a) sessions?\\b)");
    private static final Pattern VOLUME = Pattern.compile("\\b([Vv]olume) (?!(?:"
            + "is|are|was|has|had|of|and|or|may|must|can|cannot|with|without|in|for|to|the|that|a|an|does|did|by|from|at|on|could"
            + "|would|should|not|needs|when|which|itself|id|check|checks|worker|will|back|again|file|files|root|whose"
            + ")\\b)(?!\\[)(?:[^:,;\\[]{1,60}(?=: )|[^\\s,:;\\[]+(?<![.]))");
    /** Of a file outside of what is the same on every machine, or an address of ours. */
    private static final Pattern PATH = Pattern.compile(
            "(?<![\\w/.:~\\]-])/(?!(?:api|media|ws|live|console|proc|sys|etc|usr|dev|opt|metrics)(?:/|\\b))[^\\s/:,;()\\[\\]]+(?:/[^\\s/:,;()\\[\\]]+)+/?");

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
    private final Map<String, String> hosts = new HashMap<>();

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
        left = hosts(UNRESOLVED, left);
        left = UNKNOWN_HOST
                .matcher(left)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1)) + host(found.group(2)));
        left = names.replaced(left);
        left = USER.matcher(left).replaceAll("$1 [user]");
        left = BY_USER.matcher(left).replaceAll("[user]");
        left = VOLUME.matcher(left).replaceAll("$1 [volume]");
        left = PATH.matcher(left).replaceAll("[path]");
        left = hosts(left);
        left = hosts(BARE_NAMED, left);
        left = BARE_PORT.matcher(left).replaceAll(found -> {
            String name = found.group();
            return Matcher.quoteReplacement(NUMBERED.contains(name.toLowerCase(Locale.ROOT)) ? name : host(name));
        });
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

    private String hosts(String text) {
        Matcher found = DOTTED.matcher(text);
        StringBuilder left = new StringBuilder(text.length());
        while (found.find()) {
            String to = found.group("to") == null ? "" : found.group("to");
            String port = found.group("port") == null ? "" : found.group("port");
            String name = found.group("name");
            boolean isHost = isHost(name, found.group("last"), !to.isEmpty(), !port.isEmpty());
            found.appendReplacement(left, Matcher.quoteReplacement(isHost ? to + host(name) + port : found.group()));
        }
        return found.appendTail(left).toString();
    }

    /** The names of a pattern, with what stands before them as {@code to}. */
    private String hosts(Pattern form, String text) {
        Matcher found = form.matcher(text);
        StringBuilder left = new StringBuilder(text.length());
        while (found.find()) {
            found.appendReplacement(
                    left,
                    Matcher.quoteReplacement(
                            text.substring(found.start(), found.start("name")) + host(found.group("name"))));
        }
        return found.appendTail(left).toString();
    }

    /**
     * @param to whether a word stands before it as before hosts
     * @param port whether a port, or the number of a line, stands behind it
     */
    private static boolean isHost(String name, String last, boolean to, boolean port) {
        if (HERE.matcher(name).matches()) {
            return false;
        }
        boolean told = to || port;
        String end = last.toLowerCase(Locale.ROOT);
        if (FILES_AND_HOSTS.contains(end)) {
            return told || name.indexOf('.') != name.lastIndexOf('.');
        }
        if (FILES.contains(end)) {
            // One of both is what is said of files, too: a line, or where something goes to.
            return to && port;
        }
        boolean isOfClass = !last.equals(end) && !last.equals(last.toUpperCase(Locale.ROOT));
        boolean isOfPackage = PACKAGES.contains(name.substring(0, name.indexOf('.')));
        return isOfClass ? told && !isOfPackage : told || !isOfPackage;
    }

    private String host(String name) {
        String known = name.toLowerCase(Locale.ROOT);
        return hosts.computeIfAbsent(known, one -> "[host-" + (hosts.size() + 1) + "]");
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
