// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.security.auth.Subject;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserDirectory;

/** Whose shell goes on, and whose is ended. */
class ShellWatchTest {
    private static final UUID BOSS = new UUID(0, 1);

    private List<UserDirectory.User> known = List.of(user("administrator", false));
    private Optional<String> stamp = Optional.of("first");
    private final List<String> ended = new ArrayList<>();
    private final List<String> noted = new ArrayList<>();

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            throw new AssertionError("there is no request");
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!user.role().equals("administrator")) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "no right " + permission);
            }
        }
    };

    private final AuditTrail audit = new AuditTrail() {
        @Override
        public void note(AuditNote note) {
            noted.add(note.action() + " " + note.actor().name() + " "
                    + note.after().get("why"));
        }

        @Override
        public boolean flush() {
            return true;
        }

        @Override
        public Verdict verify() {
            throw new AssertionError("nobody asks");
        }

        @Override
        public List<String> acknowledge(AuditNote.Actor who, String why) {
            throw new AssertionError("nobody acknowledges");
        }
    };

    private final ShellWatch watch = new ShellWatch(directory(), guard, audit);

    @AfterEach
    void close() {
        watch.close();
    }

    private static UserDirectory.User user(String role, boolean disabled) {
        return new UserDirectory.User(BOSS, "boss", role, false, disabled);
    }

    private UserDirectory directory() {
        return (UserDirectory) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {UserDirectory.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("stamp")) {
                        return stamp;
                    }
                    assertThat(method.getName()).isEqualTo("list");
                    return known;
                });
    }

    /** A shell that has begun, of a user or, without one, of who has the machine's key. */
    private CommandSession begun(String name, Optional<ShellUser> user) {
        Subject subject = new Subject(false, Set.copyOf(user.stream().toList()), Set.of(), Set.of());
        Session karaf = (Session) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("close");
                    ended.add(name);
                    return null;
                });
        Map<String, Object> holds = Map.of(Subject.class.getName(), subject, ".session", karaf);
        CommandSession session = (CommandSession) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CommandSession.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "get" -> holds.get((String) arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> throw new AssertionError(method.getName());
                });
        watch.beforeExecute(session, "shell.init.script");
        return session;
    }

    @Test
    void aShellEndsWithTheRightToItAndTheKeyOfTheMachineStays() {
        CommandSession boss = begun("boss", Optional.of(new ShellUser(BOSS, "boss")));
        CommandSession machine = begun("machine", Optional.empty());
        watch.look();
        assertThat(ended).as("who may have a shell keeps it").isEmpty();

        known = List.of(user("operator", false));
        watch.look();
        watch.look();
        assertThat(ended).containsExactly("boss");
        assertThat(noted).containsExactly("shell.ended boss right_withdrawn");
        assertThat(List.of(boss, machine)).doesNotContainNull();
    }

    @Test
    void anotherPasswordEndsTheShellsThatWereOpenedBefore() {
        CommandSession before = begun("before", Optional.of(new ShellUser(BOSS, "boss", Optional.of("first"))));
        CommandSession unknown = begun("unknown", Optional.of(new ShellUser(BOSS, "boss", Optional.empty())));
        watch.look();
        assertThat(ended).isEmpty();

        stamp = Optional.empty();
        watch.look();
        assertThat(ended).as("nobody knows now").isEmpty();

        stamp = Optional.of("second");
        CommandSession after = begun("after", Optional.of(new ShellUser(BOSS, "boss", Optional.of("second"))));
        watch.look();
        assertThat(ended).containsExactly("before");
        assertThat(noted).containsExactly("shell.ended boss sessions_ended");
        assertThat(List.of(before, unknown, after)).doesNotContainNull();
    }

    @Test
    void whoIsDisabledOrRemovedHasNoShell() {
        CommandSession first = begun("first", Optional.of(new ShellUser(BOSS, "boss")));
        known = List.of(user("administrator", true));
        watch.look();
        CommandSession second = begun("second", Optional.of(new ShellUser(BOSS, "boss")));
        known = List.of();
        watch.look();
        assertThat(ended).containsExactly("first", "second");
        assertThat(List.of(first, second)).doesNotContainNull();
    }

    @Test
    void nobodyIsSentOffWhileUsersCannotBeLookedAt() {
        ShellWatch alone = new ShellWatch(null, guard, audit);
        alone.look();
        alone.close();
        assertThat(ended).isEmpty();
    }
}
