// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** The users of this server. Any thread; changes block for one transaction and a password hash. */
@ProviderType
public interface UserDirectory {
    List<User> list();

    /**
     * {@return a mark of a user, from memory: another one from then on when all sessions of the user are ended, by another
     * password for example; empty for who is not there, and where nobody knows} What was begun under one mark and outlives its
     * request is over under another. A role changes no mark.
     */
    default Optional<String> stamp(UUID id) {
        return Optional.empty();
    }

    /**
     * @param role name of a role, which is the user's everywhere
     * @param mustChangePassword whether the password has to be changed at first login
     * @throws IllegalArgumentException naming what is wrong: name taken, weak password, unknown role
     */
    User add(String username, String password, String role, boolean mustChangePassword);

    /**
     * Sets a password and ends all sessions of the user.
     *
     * @param username whatever its case
     * @throws IllegalArgumentException naming what is wrong: weak password, a user whose password is kept outside
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such user
     */
    void setPassword(String username, String password, boolean mustChangePassword);

    /**
     * Changes what a user may do. A role counts from the next request on; disabling ends all sessions of the user, and
     * enabling brings none of them back.
     *
     * @return the user as it is then
     * @throws IllegalArgumentException naming what is wrong: unknown role, a user whose role follows groups outside
     * @throws IllegalStateException when nobody would be left who can administer the server
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such user
     */
    default User change(UUID id, UserChange change) {
        return change(id, Optional.empty(), change);
    }

    /**
     * The same, while the user is as the caller saw it.
     *
     * @param seen empty for whatever it is
     * @throws org.nxvms.platform.api.StaleVersionException when it is another by now
     */
    User change(UUID id, Optional<User> seen, UserChange change);

    /**
     * @throws IllegalStateException when it is the last administrator who can sign in
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such user
     */
    default void remove(UUID id) {
        remove(id, Optional.empty());
    }

    /**
     * The same, while the user is as the caller saw it.
     *
     * @param seen empty for whatever it is
     * @throws org.nxvms.platform.api.StaleVersionException when it is another by now
     */
    void remove(UUID id, Optional<User> seen);

    /**
     * A user.
     *
     * @param role what the user may do everywhere
     * @param disabled keeps name and role, but cannot sign in
     * @param provider who proves the user ({@link AuthenticationProvider#id}) and decides the role; empty for users of the
     *     server's own
     */
    record User(
            UUID id,
            String username,
            String role,
            boolean mustChangePassword,
            boolean disabled,
            Optional<String> provider) {
        /** A user of the server's own. */
        public User(UUID id, String username, String role, boolean mustChangePassword, boolean disabled) {
            this(id, username, role, mustChangePassword, disabled, Optional.empty());
        }
    }

    /** What of a user is to be another; empty stays as it is. */
    record UserChange(Optional<String> role, Optional<Boolean> disabled) {
        public UserChange {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(disabled, "disabled");
        }
    }
}
