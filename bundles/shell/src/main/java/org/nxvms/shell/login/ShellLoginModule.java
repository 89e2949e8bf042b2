// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to come into the shell by a password. Karaf makes one for each, by its name. */
public final class ShellLoginModule implements LoginModule {
    private static final Logger LOG = LoggerFactory.getLogger(ShellLoginModule.class);
    /** What Karaf's own commands ask for; as in etc/keys.properties. */
    private static final List<String> ROLES = List.of("admin", "manager", "viewer", "systembundles", "ssh");

    private Subject subject;
    private CallbackHandler callbacks;
    private ShellRealm realm;
    private final List<Principal> principals = new ArrayList<>();

    @Override
    public void initialize(Subject who, CallbackHandler handler, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = who;
        callbacks = handler;
        realm = (ShellRealm) options.get(ShellRealm.OPTION);
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("user");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            callbacks.handle(new Callback[] {name, password});
        } catch (UnsupportedCallbackException | IOException e) {
            throw failed("no password was offered", e);
        }
        if (name.getName() == null || password.getPassword() == null) {
            throw failed("no user name or password was offered", null);
        }
        try {
            ShellUser user = realm.admit(name.getName(), new String(password.getPassword()), address());
            String username = user.username();
            principals.add(new UserPrincipal(username));
            principals.add(user);
            ROLES.forEach(role -> principals.add(new RolePrincipal(role)));
            LOG.info("User {} came into the shell", username);
            return true;
        } catch (AccessDeniedException e) {
            LOG.warn("Nobody was let into the shell: {}", e.getMessage());
            throw failed(e.getMessage(), e);
        } finally {
            password.clearPassword();
        }
    }

    /** {@return the peer's address; empty, which is no address of this machine, when Karaf does not tell it} */
    private String address() {
        return ShellActor.peer(subject).orElse("");
    }

    private static LoginException failed(String message, Exception cause) {
        FailedLoginException failure = new FailedLoginException(message);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public boolean commit() {
        subject.getPrincipals().addAll(principals);
        return !principals.isEmpty();
    }

    @Override
    public boolean abort() {
        boolean begun = !principals.isEmpty();
        principals.clear();
        return begun;
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().removeAll(principals);
        principals.clear();
        return true;
    }
}
