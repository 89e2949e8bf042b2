// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Who may log in at the device itself (ONVIF Core 8.4, user handling). Passwords go to the device and nowhere else: neither a
 * value nor an error of this contract holds one.
 *
 * @since 1.4
 */
@ConsumerType
public interface DeviceUsers extends Capability {
    /** More than a device keeps; what is beyond is left out by the platform. */
    int USERS_MAX = 200;

    /** How many characters a name or a password has at most; the device may take fewer. */
    int CHARS_MAX = 128;

    /** What a user may do at the device. The receiver of one has a default branch. */
    enum Level {
        /** Everything, also with users. */
        ADMINISTRATOR,
        /** What is needed to control it, but not to set it up. */
        OPERATOR,
        /** To watch. */
        VIEWER,
        /** Something of the device's own, or nothing without a login. Is told, never asked for. */
        OTHER
    }

    /**
     * One user.
     *
     * @param name as the device tells it, 1..{@value #CHARS_MAX} characters
     */
    record User(String name, Level level) {
        public User {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(level, "level");
            if (name.isEmpty() || name.length() > CHARS_MAX) {
                throw new IllegalArgumentException("a name has 1.." + CHARS_MAX + " characters");
            }
        }
    }

    /** {@return all, in the device's order} Kind UNSUPPORTED when the login may not see them. */
    List<User> users() throws DriverException;

    /**
     * Adds one. Kind CONFIG when there is one of this name or the device does not like name or password, BUSY when it has no
     * place left.
     */
    void add(User user, String password) throws DriverException;

    /**
     * Gives one another password, another level, or both; what is empty stays. Kind NOT_FOUND when there is none of this name,
     * UNSUPPORTED when it is one that the device does not change.
     */
    void change(String name, Optional<String> password, Optional<Level> level) throws DriverException;

    /** Takes one away. Kind NOT_FOUND when there is none of this name, UNSUPPORTED when it is one that the device keeps. */
    void remove(String name) throws DriverException;
}
