// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.FailedLoginException;
import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.config.JaasRealm;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.PasswordSignIn;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserDirectory;

/** Who comes into the shell, as Karaf asks. */
class ShellLoginTest {
    private final List<String> asked = new ArrayList<>();
    private final Set<Permission> rights = EnumSet.allOf(Permission.class);

    private Runnable whileItIsCompared = () -> {};

    private final PasswordSignIn users = (username, password, address, way) -> {
        asked.add(username + " from " + address + " by " + way);
        if (!password.equals("right")) {
            throw new AccessDeniedException(Kind.UNAUTHENTICATED, "The user name or the password is wrong.");
        }
        whileItIsCompared.run();
        return new AuthenticatedUser(new UUID(0, 1), "Admin", "administrator", false);
    };

    /** Of the user that signs in; another one from the moment on when somebody sets another password. */
    private volatile String stamp = "first";

    private boolean known = true;
    private final UserDirectory directory = (UserDirectory) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {UserDirectory.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "list" ->
                    known
                            ? List.of(new UserDirectory.User(new UUID(0, 1), "Admin", "administrator", false, false))
                            : List.of();
                case "stamp" -> Optional.of(stamp);
                default -> throw new AssertionError(method.getName());
            });

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            throw new AssertionError("there is no request");
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!rights.contains(permission)) {
                throw new AccessDeniedException(Kind.FORBIDDEN, "no right " + permission);
            }
        }
    };

    private final List<String> noted = new ArrayList<>();
    private final AuditTrail audit = new AuditTrail() {
        @Override
        public void note(AuditNote note) {
            noted.add(note.action() + " " + note.done());
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

    private final AppConfigurationEntry keys =
            new AppConfigurationEntry("keys", LoginModuleControlFlag.OPTIONAL, Map.of());
    private final JaasRealm karaf = new JaasRealm() {
        @Override
        public String getName() {
            return "karaf";
        }

        @Override
        public int getRank() {
            return 0;
        }

        @Override
        public AppConfigurationEntry[] getEntries() {
            return new AppConfigurationEntry[] {keys};
        }
    };

    private final Subject subject = new Subject();

    private ShellLoginModule module(ShellRealm realm, CallbackHandler handler, String client) {
        subject.getPrincipals().add(new ClientPrincipal("ssh", client));
        AppConfigurationEntry[] entries = realm.getEntries();
        AppConfigurationEntry last = entries[entries.length - 1];
        assertThat(last.getLoginModuleName()).isEqualTo(ProxyLoginModule.class.getName());
        assertThat(last.getOptions().get(ProxyLoginModule.PROPERTY_MODULE)).isEqualTo(ShellLoginModule.class.getName());
        ShellLoginModule module = new ShellLoginModule();
        module.initialize(subject, handler, Map.of(), last.getOptions());
        return module;
    }

    private static CallbackHandler typed(String password) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName("admin");
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                }
            }
        };
    }

    private ShellRealm realm() {
        return new ShellRealm(karaf, users, directory, guard, audit);
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Principal principal : subject.getPrincipals()) {
            names.add(principal.getName());
        }
        return names;
    }

    @Test
    void whoManagesEverythingComesInWithTheRolesOfTheShell() throws Exception {
        ShellLoginModule module = module(realm(), typed("right"), "/127.0.0.1:51234");

        assertThat(module.login()).isTrue();
        assertThat(subject.getPrincipals(RolePrincipal.class))
                .as("before the commit")
                .isEmpty();
        assertThat(module.commit()).isTrue();

        assertThat(names()).contains("Admin", "admin", "manager", "viewer", "systembundles", "ssh");
        assertThat(asked).containsExactly("admin from 127.0.0.1 by shell");
        module.logout();
        assertThat(subject.getPrincipals(RolePrincipal.class)).isEmpty();
    }

    private Optional<String> stampOf(ShellLoginModule module) throws Exception {
        module.login();
        module.commit();
        return subject.getPrincipals(ShellUser.class).iterator().next().stamp();
    }

    @Test
    void theShellBelongsToThePasswordThatWasCompared() throws Exception {
        whileItIsCompared = () -> stamp = "second";
        assertThat(stampOf(module(realm(), typed("right"), "/127.0.0.1:1")))
                .as("another password meanwhile")
                .contains("first");
    }

    @Test
    void whoWasNotThereBeforeHasTheStampOfNow() throws Exception {
        known = false;
        whileItIsCompared = () -> stamp = "made";
        assertThat(stampOf(module(realm(), typed("right"), "/127.0.0.1:1"))).contains("made");
    }

    @Test
    void theAddressIsToldInEachForm() throws Exception {
        for (String client : List.of("/[0:0:0:0:0:0:0:1]:51234", "/0:0:0:0:0:0:0:1:51234", "vms/192.0.2.7:22", "odd")) {
            subject.getPrincipals().clear();
            module(realm(), typed("right"), client).login();
        }
        assertThat(asked)
                .containsExactly(
                        "admin from 0:0:0:0:0:0:0:1 by shell",
                        "admin from 0:0:0:0:0:0:0:1 by shell",
                        "admin from 192.0.2.7 by shell",
                        "admin from  by shell");
    }

    @Test
    void aWrongPasswordOrTooFewRightsLetNobodyIn() {
        ShellLoginModule wrong = module(realm(), typed("wrong"), "/127.0.0.1:1");
        assertThatThrownBy(wrong::login).isInstanceOf(FailedLoginException.class);
        assertThat(wrong.commit()).isFalse();

        for (Permission permission : List.of(Permission.MANAGE_USERS, Permission.MANAGE_PLUGINS)) {
            rights.remove(permission);
            ShellLoginModule lesser = module(realm(), typed("right"), "/127.0.0.1:1");
            assertThatThrownBy(lesser::login).hasMessageContaining(permission.name());
            assertThat(lesser.commit()).isFalse();
            rights.add(permission);
        }
        assertThat(noted).containsExactly("shell.refused false", "shell.refused false");
        assertThat(subject.getPrincipals(RolePrincipal.class)).isEmpty();
    }

    @Test
    void whoComesByAKeyIsLeftToKaraf() {
        CallbackHandler noPasswords = callbacks -> {
            throw new UnsupportedCallbackException(callbacks[1]);
        };
        ShellLoginModule module = module(realm(), noPasswords, "/127.0.0.1:1");

        assertThatThrownBy(module::login).isInstanceOf(FailedLoginException.class);
        assertThat(asked).isEmpty();
        assertThat(realm().getEntries()).startsWith(keys).hasSize(2);
    }

    @Test
    void whileUsersCannotBeCheckedTheKeyStillWorks() {
        ShellRealm alone = new ShellRealm(karaf, null, null, null, null);

        assertThat(alone.getEntries()).contains(keys);
        assertThatThrownBy(() -> module(alone, typed("right"), "/127.0.0.1:1").login())
                .hasMessageContaining("keys/shell");
        assertThat(new ShellRealm(null, users, directory, guard, audit).getEntries())
                .hasSize(1);
    }
}
