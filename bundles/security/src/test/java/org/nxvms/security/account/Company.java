// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;

/** A provider with people by name, who all have the same password. */
final class Company implements AuthenticationProvider {
    static final String PASSWORD = "dora-horse-9";

    /** What an answer waits for. */
    interface Waiting {
        void await() throws InterruptedException;
    }

    final Map<String, Optional<String>> roles = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    final Map<String, String> renamed = new HashMap<>();
    volatile Waiting before = () -> {};
    boolean silent;
    boolean broken;
    Optional<Redirect> redirect = Optional.empty();

    @Override
    public String id() {
        return "company";
    }

    @Override
    public Optional<Redirect> redirect() {
        return redirect;
    }

    @Override
    public Optional<OutsideIdentity> check(String username, String password) throws AuthenticationUnavailableException {
        synchronized (asked) {
            asked.add(username + "/" + password);
        }
        answer();
        return password.equals(PASSWORD) ? identity(subject(username)) : Optional.empty();
    }

    @Override
    public Optional<OutsideIdentity> lookUp(OutsideIdentity known) throws AuthenticationUnavailableException {
        answer();
        return identity(known.subject().substring("id-of-".length()));
    }

    private String subject(String username) {
        return renamed.entrySet().stream()
                .filter(now -> now.getValue().equals(username))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(username);
    }

    private Optional<OutsideIdentity> identity(String first) {
        String name = renamed.getOrDefault(first, first);
        return roles.containsKey(first)
                ? Optional.of(new OutsideIdentity("company", "id-of-" + first, name, roles.get(first)))
                : Optional.empty();
    }

    private void answer() throws AuthenticationUnavailableException {
        try {
            before.await();
        } catch (InterruptedException e) {
            throw new AuthenticationUnavailableException("interrupted", e);
        }
        if (broken) {
            throw new IllegalStateException("a fault of its own");
        }
        if (silent) {
            throw new AuthenticationUnavailableException("The company is silent");
        }
    }
}
