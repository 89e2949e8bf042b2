// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Positions that the device keeps under a name (ONVIF PTZ 5.4).
 *
 * @since 1.2
 */
@ConsumerType
public interface PtzPresets extends Capability {
    /**
     * One kept position.
     *
     * @param token the device's own name of it, 1..{@value #TOKEN_CHARS_MAX} characters
     * @param name what people call it; may be empty
     */
    record Preset(String token, String name) {
        public static final int TOKEN_CHARS_MAX = 64;
        /**
         * Of the device's own home position, which is there from the beginning and cannot be forgotten (ONVIF PTZ 5.5); it comes
         * first among the others.
         *
         * @since 1.8
         */
        public static final String HOME = "nxvms-home";

        public Preset {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(name, "name");
            if (token.isEmpty() || token.length() > TOKEN_CHARS_MAX) {
                throw new IllegalArgumentException("a token has 1.." + TOKEN_CHARS_MAX + " characters");
            }
        }
    }

    /** {@return all, in the device's order} */
    List<Preset> presets() throws DriverException;

    /** Moves to a kept position. Kind NOT_FOUND when there is none of this token. */
    void go(String token) throws DriverException;

    /** Keeps the position of now under a name, in a new place; {@return it as kept}. Kind BUSY when all places are taken. */
    Preset keep(String name) throws DriverException;

    /**
     * {@return whether {@link #keep(String, String)} may be asked for at a position of {@link #presets}} Without I/O.
     *
     * @since 1.8
     */
    default boolean replaces(String token) {
        return false;
    }

    /**
     * Keeps the position of now in the place of another one, under a name; the home position has no name of its own. {@return it as
     * kept} Kind NOT_FOUND when there is none of this token, CONFIG when another one is called so and the device refuses that.
     *
     * @since 1.8
     */
    default Preset keep(String token, String name) throws DriverException {
        throw new DriverException(DriverException.Kind.UNSUPPORTED, "The camera replaces no kept position.");
    }

    /** Forgets a position; nothing happens when there is none of this token. */
    void forget(String token) throws DriverException;
}
