// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which commands of the container are worth a note: those that change it, or lead around what it knows. Scopes that nobody
 * knows here count, as those of plugins do: rather a note too many. Commands of this server's own note what they do.
 */
final class SensitiveCommands {
    /** All commands of these scopes, but for those that only read. */
    private static final Map<String, Set<String>> BUT = Map.ofEntries(
            Map.entry(
                    "feature",
                    Set.of(
                            "list",
                            "info",
                            "status",
                            "provides",
                            "regions",
                            "repo-list",
                            "requirement-list",
                            "version-list")),
            Map.entry(
                    "bundle",
                    Set.of(
                            "capabilities",
                            "classes",
                            "diag",
                            "find-class",
                            "headers",
                            "id",
                            "info",
                            "list",
                            "requirements",
                            "services",
                            "show",
                            "status",
                            "tree-show")),
            Map.entry("kar", Set.of("list")),
            Map.entry("config", Set.of("cancel", "exists", "list", "property-get", "property-list")),
            Map.entry("system", Set.of("version")),
            Map.entry("jaas", Set.of("group-list", "pending-list", "realm-list", "role-list", "user-list", "whoami")),
            Map.entry("scr", Set.of("components", "config", "details", "info", "list")),
            Map.entry("instance", Set.of("list", "status")),
            Map.entry("ssh", Set.of()));

    /** Of these scopes only what is named; the rest reads, or means only whoever sits there. */
    private static final Map<String, Set<String>> ONLY = Map.of(
            "shell", Set.of("edit", "exec", "java", "nano", "new", "source"),
            "log", Set.of("clear", "set"),
            "event", Set.of("send"),
            "service", Set.of(),
            "package", Set.of(),
            "nxvms", Set.of());

    /** What may be typed without its scope. */
    private static final Set<String> BARE = Set.of(
            "create",
            "destroy",
            "dump-create",
            "dynamic-import",
            "edit",
            "eval",
            "exec",
            "halt",
            "install",
            "java",
            "load-test",
            "meta",
            "nano",
            "new",
            "property-append",
            "property-delete",
            "property-set",
            "refresh",
            "repo-add",
            "repo-refresh",
            "repo-remove",
            "requirement-add",
            "requirement-remove",
            "resolve",
            "restart",
            "sh",
            "shutdown",
            "source",
            "start",
            "start-level",
            "stop",
            "su",
            "sudo",
            "uninstall",
            "update",
            "upgrade",
            "user-add",
            "user-delete",
            "useradd",
            "userdel",
            "watch");

    /** Of these, what changes settings. */
    private static final Pattern OF_SETTINGS =
            Pattern.compile("(?:^|, )(?:config:|property-(?:append|delete|set)|update|edit|meta|source|new|java)");

    private static final Set<String> HELP = Set.of("help", "man");
    /** More than one command, or one within another. */
    private static final Pattern COMPOUND = Pattern.compile("[;|&{(\\n]");

    /** Anywhere: within a closure, as the value of a variable, in quotes. */
    private static final Pattern NAMED = Pattern.compile("(?<![\\w.:/-])("
            + Stream.concat(BUT.keySet().stream(), ONLY.keySet().stream())
                    .sorted()
                    .collect(Collectors.joining("|"))
            + "):([a-z][\\w-]*)");

    private static final Pattern AT_START =
            Pattern.compile("(?:^|[;|&{(\\n])\\s*([a-z*][\\w-]*)(?![\\w.-])(?::([a-z][\\w-]*))?");

    private SensitiveCommands() {}

    /** {@return the sensitive commands of a line, in their order; names in lower case, as the shell takes them} */
    static List<String> in(CharSequence line) {
        String text = line.toString().toLowerCase(Locale.ROOT);
        Set<String> found = new LinkedHashSet<>();
        Matcher start = AT_START.matcher(text);
        while (start.find()) {
            String name = start.group(2) == null ? start.group(1) : start.group(2);
            if (start.start() == 0
                    && HELP.contains(name)
                    && !COMPOUND.matcher(text).find()) {
                return List.of();
            }
            boolean bare = start.group(2) == null || start.group(1).equals("*");
            if (bare ? BARE.contains(name) : counts(start.group(1), name)) {
                found.add(bare ? name : start.group(1) + ":" + name);
            }
        }
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            if (counts(named.group(1), named.group(2))) {
                found.add(named.group());
            }
        }
        return List.copyOf(found);
    }

    /** {@return whether one of these commands, joined as in a note, may change settings} */
    static boolean isOfSettings(String joined) {
        return OF_SETTINGS.matcher(joined).find();
    }

    private static boolean counts(String scope, String name) {
        Set<String> only = ONLY.get(scope);
        return only == null ? !BUT.getOrDefault(scope, Set.of()).contains(name) : only.contains(name);
    }
}
