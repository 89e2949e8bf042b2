// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may log in at a device. The first is the one of its settings, and stays. Thread-safe. */
public final class DeviceAccounts {
    /** Real devices have between eight and thirty. */
    static final int ACCOUNTS_MAX = 20;

    /** What the device does not do, in words of its own. */
    public enum Refusal {
        CLASH,
        TOO_MANY,
        MISSING,
        FIXED
    }

    /** @param level in the words of the dialect */
    public record Account(String name, String password, String level) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "Account[" + name + " " + level + "]";
        }
    }

    private final String first;
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    DeviceAccounts(Account first) {
        this.first = first.name();
        accounts.put(first.name(), first);
    }

    public synchronized List<Account> list() {
        return List.copyOf(accounts.values());
    }

    public synchronized Optional<Account> find(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    /** {@return why it is not added} */
    public synchronized Optional<Refusal> add(Account account) {
        if (accounts.containsKey(account.name())) {
            return Optional.of(Refusal.CLASH);
        }
        if (accounts.size() == ACCOUNTS_MAX) {
            return Optional.of(Refusal.TOO_MANY);
        }
        accounts.put(account.name(), account);
        return Optional.empty();
    }

    /** {@return why it is not changed} @param password empty: as before */
    public synchronized Optional<Refusal> change(String name, Optional<String> password, String level) {
        Account before = accounts.get(name);
        if (before == null) {
            return Optional.of(Refusal.MISSING);
        }
        if (name.equals(first)) {
            return Optional.of(Refusal.FIXED);
        }
        accounts.put(name, new Account(name, password.orElse(before.password()), level));
        return Optional.empty();
    }

    /** {@return why it is not removed} */
    public synchronized Optional<Refusal> remove(String name) {
        if (name.equals(first)) {
            return Optional.of(Refusal.FIXED);
        }
        return accounts.remove(name) == null ? Optional.of(Refusal.MISSING) : Optional.empty();
    }
}
