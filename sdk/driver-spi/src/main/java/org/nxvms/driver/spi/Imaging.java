// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How the device makes its picture: settings that stay until they are changed, and things that it does once (ONVIF Imaging
 * 5). A driver describes both; the platform draws them, checks what was typed against their ranges, and asks for nothing
 * that is not described. Settings that have a name here mean the same in every driver; others have names of the driver's own.
 *
 * @since 1.3
 */
@ConsumerType
public interface Imaging extends Capability {
    /** Setting: integer. */
    String BRIGHTNESS = "brightness";
    /** Setting: integer. */
    String CONTRAST = "contrast";
    /** Setting: integer; 0 is grey. */
    String SATURATION = "saturation";
    /** Setting: integer. */
    String SHARPNESS = "sharpness";
    /** Setting: choice; {@code auto} where the device finds the exposure itself. */
    String EXPOSURE = "exposure";
    /** Setting: integer, microseconds; what counts where {@link #EXPOSURE} is {@code manual}. */
    String EXPOSURE_TIME_US = "exposure_time_us";
    /** Setting: choice of {@code on} (day: infrared stays out), {@code off} (night) and {@code auto}, as the device has them. */
    String IR_CUT = "ir_cut";
    /** Setting: choice; {@code auto} where the device focuses by itself. */
    String FOCUS = "focus";
    /** Setting: boolean; whether dark and bright parts are both to be seen (wide dynamic range). */
    String WDR = "wdr";

    /** Action: wipes the window once. */
    String WIPE = "wipe";
    /** Action: focuses once. */
    String FOCUS_ONCE = "focus_once";

    /** The number of settings, and of actions, that a driver may describe. */
    int DESCRIBED_MAX = 100;

    /**
     * Something that the device does when told.
     *
     * @param name as in {@link #perform}, form of a {@link DriverSetting#name()}
     * @param title what people read
     */
    record Action(String name, Wording title) {
        public Action {
            if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "an action's name has 1..64 letters, digits, dots, hyphens and underscores: " + name);
            }
            Objects.requireNonNull(title, "title");
        }
    }

    /**
     * {@return the settings that can be changed, with their ranges; the same as long as the session lives} Each name once.
     * None is a secret or must be given, and none has a default: {@link #values} says what counts.
     */
    List<DriverSetting> settings() throws DriverException;

    /** {@return what the device can be told to do; the same as long as the session lives} */
    default List<Action> actions() throws DriverException {
        return List.of();
    }

    /** {@return the values of now, as text by the setting's name} One that the device does not tell is left out. */
    Map<String, String> values() throws DriverException;

    /**
     * Changes settings, at once and for good. All or none where the device can; else in the order of {@link #settings}, up to
     * the one that failed.
     *
     * @param changes at least one; each described by {@link #settings} and within its range
     */
    void change(Map<String, String> changes) throws DriverException;

    /** Does something once; returns when the device has taken it. Kind NOT_FOUND for what is not among {@link #actions}. */
    default void perform(String action) throws DriverException {
        throw new DriverException(DriverException.Kind.NOT_FOUND, "The camera has no action " + action + ".");
    }
}
