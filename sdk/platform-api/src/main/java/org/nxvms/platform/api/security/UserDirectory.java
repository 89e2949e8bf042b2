// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** The users of this server. Any thread; changes block for one transaction and a password hash. */
@ProviderType
public interface UserDirectory {
    List<User> list();

    /**
     * @param role {@code administrator}, {@code operator} or {@code viewer}
     * @param mustChangePassword whether the password has to be changed at first login
     * @throws IllegalArgumentException naming what is wrong: name taken, weak password, unknown role
     */
    User add(String username, String password, String role, boolean mustChangePassword);

    /**
     * Sets a password and ends all sessions of the user.
     *
     * @throws IllegalArgumentException naming what is wrong
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such user
     */
    void setPassword(String username, String password, boolean mustChangePassword);

    /**
     * @throws IllegalArgumentException when it is the last administrator
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such user
     */
    void remove(String username);

    record User(UUID id, String username, String role, boolean mustChangePassword) {}
}
