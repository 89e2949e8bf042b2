// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.nxvms.media.StreamRole;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Parts of the picture that the device itself hides, before it encodes: what it never sends is in no stream and no recording
 * (Mask of ONVIF Media2). The platform draws the options, checks what is wanted against them, and compares what it asked for
 * with what the device has afterwards: devices round, and leave out what they do not like.
 *
 * @since 1.9
 */
@ConsumerType
public interface PrivacyMasks extends Capability {
    /** More than a device has places for. */
    int MASKS_MAX = 128;

    /** How many characters a token has at most. */
    int CHARS_MAX = 128;

    /**
     * One mask.
     *
     * @param token as in {@link #change}, 1..{@value #CHARS_MAX} characters
     * @param settings what counts now, as the device tells it, even where that is none of its own options
     */
    record Mask(String token, MaskSettings settings) {
        public Mask {
            Objects.requireNonNull(settings, "settings");
            if (token.isEmpty() || token.length() > CHARS_MAX) {
                throw new IllegalArgumentException("a token has 1.." + CHARS_MAX + " characters");
            }
        }
    }

    /**
     * What masks there can be.
     *
     * @param masksMax how many at a time, 1..{@value PrivacyMasks#MASKS_MAX}
     * @param pointsMax how many corners one has at most, {@value MaskSettings#POINTS_MIN}..{@value MaskSettings#POINTS_MAX}
     * @param rectangleOnly whether its corners must be the four of an upright rectangle
     * @param kinds at least one; {@link MaskSettings.Kind#OTHER} never
     * @param anyColor whether the colour can be chosen freely
     * @param colors those there are, where it can not, each as {@code #rrggbb}; empty where none can be chosen
     * @param oneColor whether a colour that one is given becomes that of all
     * @param streams which of the streams that {@link CameraSession#streams} offers are masked; main at least
     */
    record Options(
            int masksMax,
            int pointsMax,
            boolean rectangleOnly,
            List<MaskSettings.Kind> kinds,
            boolean anyColor,
            List<String> colors,
            boolean oneColor,
            Set<StreamRole> streams) {
        /** How many colours may be listed. */
        public static final int COLORS_MAX = 100;

        public Options {
            kinds = List.copyOf(kinds);
            colors = List.copyOf(colors);
            streams = Set.copyOf(streams);
            if (masksMax < 1
                    || masksMax > MASKS_MAX
                    || pointsMax < MaskSettings.POINTS_MIN
                    || pointsMax > MaskSettings.POINTS_MAX) {
                throw new IllegalArgumentException("there are 1.." + MASKS_MAX + " masks of " + MaskSettings.POINTS_MIN
                        + ".." + MaskSettings.POINTS_MAX + " corners");
            }
            if (kinds.isEmpty() || kinds.contains(MaskSettings.Kind.OTHER)) {
                throw new IllegalArgumentException("a mask is of a kind, and of one that can be asked for");
            }
            if (colors.size() > COLORS_MAX || !colors.stream().allMatch(MaskSettings::isColor)) {
                throw new IllegalArgumentException("at most " + COLORS_MAX + " colours are listed, as #rrggbb");
            }
        }

        /** {@return what is wrong with a mask that is wanted, by the field's name, to go on behind it; empty when nothing is} */
        public Map<String, String> problems(MaskSettings wanted) {
            return MaskProblems.of(this, wanted);
        }

        /** {@return what is wrong with what is wanted otherwise than it is now} A device may have masks that nobody can ask for. */
        public Map<String, String> problems(MaskSettings wanted, MaskSettings now) {
            Map<String, String> problems = new TreeMap<>(problems(wanted));
            if (wanted.points().equals(now.points())) {
                problems.remove(MaskSettings.POINTS);
            }
            if (wanted.kind() == now.kind()) {
                problems.remove(MaskSettings.KIND);
            }
            return problems;
        }

        /**
         * As {@link #problems(MaskSettings)}, for a driver's own {@link PrivacyMasks#create} and {@link PrivacyMasks#change}: it may be asked
         * by a platform that does not check.
         *
         * @throws DriverException kind CONFIG, naming the first field that cannot work
         */
        public void check(MaskSettings wanted) throws DriverException {
            check(problems(wanted));
        }

        /** As {@link #check(MaskSettings)}, of a mask that is like this now. */
        public void check(MaskSettings wanted, MaskSettings now) throws DriverException {
            check(problems(wanted, now));
        }

        private static void check(Map<String, String> problems) throws DriverException {
            Optional<Map.Entry<String, String>> wrong =
                    problems.entrySet().stream().findFirst();
            if (wrong.isPresent()) {
                throw new DriverException(
                        DriverException.Kind.CONFIG,
                        "The field " + wrong.get().getKey() + " " + wrong.get().getValue() + ".");
            }
        }
    }

    /** {@return what can be asked for} */
    Options options() throws DriverException;

    /**
     * {@return the masks of the camera's picture, each token once, those that are off among them} In the device's order, at most
     * {@value #MASKS_MAX}. Kind UNSUPPORTED when the login may not see them.
     */
    List<Mask> masks() throws DriverException;

    /**
     * Adds one, at once and for good, and asks the device what has come of it.
     *
     * <p>Kind BUSY when there are as many as there can be. Kind CONFIG when a field is none of the options, then named by the
     * message; or when the device refuses the whole, in its words. Then nothing has changed.
     *
     * @return the mask as the device tells it afterwards, which need not be what was wanted
     */
    Mask create(MaskSettings wanted) throws DriverException;

    /**
     * Changes one, switches it on or off, as {@link #create}. A colour that is not given stays, and so does what cannot be asked
     * for: a kind of the maker's own, or a shape that is none of the options.
     *
     * <p>Kind NOT_FOUND when there is none of this token; CONFIG as there.
     *
     * @return the mask as the device tells it afterwards
     */
    Mask change(String token, MaskSettings wanted) throws DriverException;

    /** Takes one away; returns when the device no longer tells of it. Kind NOT_FOUND when there is none of this token. */
    void remove(String token) throws DriverException;
}
