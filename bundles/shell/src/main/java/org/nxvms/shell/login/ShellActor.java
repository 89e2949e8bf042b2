// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.nxvms.platform.api.audit.AuditNote;

/** Who sits at a shell, as the audit names it. */
public final class ShellActor {
    private static final String SHELL = "shell";
    /** As Karaf writes where a client is: {@code ssh(/127.0.0.1:51234)}, {@code ssh(/[0:0:0:0:0:0:0:1]:51234)}. */
    private static final Pattern CLIENT =
            Pattern.compile("\\w+\\([^/]*/\\[?([0-9A-Fa-f:.]+?)(?:%[^\\]:]*)?\\]?:\\d+\\)");

    private ShellActor() {}

    /**
     * {@return a user who signed in at the shell; of who has the machine's key only that}
     *
     * @param subject what the session has of whoever came in; anything else than a {@link Subject} is nobody known
     */
    public static AuditNote.Actor of(Object subject) {
        if (subject instanceof Subject who) {
            for (ShellUser user : who.getPrincipals(ShellUser.class)) {
                return new AuditNote.Actor(Optional.of(user.id()), user.username(), Optional.empty(), SHELL);
            }
        }
        return new AuditNote.Actor(Optional.empty(), SHELL, Optional.empty(), SHELL);
    }

    /** {@return the peer's address, where Karaf tells it} */
    public static Optional<String> peer(Object subject) {
        if (!(subject instanceof Subject who)) {
            return Optional.empty();
        }
        return who.getPrincipals(ClientPrincipal.class).stream()
                .map(client -> CLIENT.matcher(client.getName()))
                .filter(Matcher::matches)
                .map(client -> client.group(1))
                .findFirst();
    }
}
