// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.media.StreamRole;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How the device encodes its streams (VideoEncoderConfiguration of ONVIF Media2 5.4, Media 5.5). The platform draws the
 * options, checks what is wanted against them, and compares what it asked for with what the device has afterwards: devices
 * round, and leave out what they do not like.
 *
 * <p>A change counts for everybody who watches and for what is recorded. A device may end the running streams for it; a driver
 * does not: it goes on to name the same endpoints while those stay.
 *
 * @since 1.4
 */
@ConsumerType
public interface VideoEncoders extends Capability {
    /** More than a device with one lens has. */
    int ENCODERS_MAX = 32;

    /** How many characters a token, a name or a profile has at most. */
    int CHARS_MAX = 128;

    /**
     * One encoder: what makes one encoding of the picture, for one stream or several.
     *
     * @param token as in {@link #set}, 1..{@value #CHARS_MAX} characters
     * @param name as the device tells it, for people; may be empty
     * @param streams which of the streams that {@link CameraSession#streams} offers it makes; empty for what the platform does
     *     not fetch
     * @param settings what counts now, as the device tells it, even where that is none of its own options
     * @param options what it can be set to, one for each codec, that of now among them
     */
    record Encoder(
            String token,
            String name,
            Set<StreamRole> streams,
            EncoderSettings settings,
            List<EncoderOptions> options) {
        public Encoder {
            Objects.requireNonNull(settings, "settings");
            if (token.isEmpty() || token.length() > CHARS_MAX || name.length() > CHARS_MAX) {
                throw new IllegalArgumentException("a token has 1.." + CHARS_MAX + " characters, a name no more");
            }
            streams = Set.copyOf(streams);
            options = List.copyOf(options);
            if (options.stream().map(EncoderOptions::codec).distinct().count() != options.size()) {
                throw new IllegalArgumentException("two options of " + token + " are of one codec");
            }
        }

        /**
         * {@return what is wrong with settings that are wanted, by the field's name, to go on behind it; empty when nothing
         * is}
         */
        public Map<String, String> problems(EncoderSettings wanted) {
            Optional<EncoderOptions> its = options.stream()
                    .filter(one -> one.codec() == wanted.codec())
                    .findFirst();
            return its.isPresent()
                    ? its.get().problems(wanted)
                    : Map.of(
                            EncoderSettings.CODEC,
                            "must be one of "
                                    + options.stream()
                                            .map(one -> EncoderSettings.word(one.codec()))
                                            .collect(Collectors.joining(", ")));
        }

        /**
         * As {@link #problems}, for a driver's own {@link VideoEncoders#set}: it may be asked by a platform that does not
         * check.
         *
         * @throws DriverException kind CONFIG, naming the first field that cannot work
         */
        public void check(EncoderSettings wanted) throws DriverException {
            Optional<Map.Entry<String, String>> wrong =
                    problems(wanted).entrySet().stream().findFirst();
            if (wrong.isPresent()) {
                throw new DriverException(
                        DriverException.Kind.CONFIG,
                        "The field " + wrong.get().getKey() + " " + wrong.get().getValue() + ".");
            }
        }
    }

    /**
     * {@return the encoders of the camera's picture, that of the main stream first, each token once} Never empty, at most
     * {@link #ENCODERS_MAX}. One of a codec that has no name in {@link org.nxvms.media.Codec} is left out. Kind UNSUPPORTED
     * when the login may not see them, or the device tells of none.
     */
    List<Encoder> encoders() throws DriverException;

    /**
     * Changes one, at once and for good, and asks the device what has come of it. What is empty in {@code wanted} stays as it
     * is, or, with another codec, as the device likes it.
     *
     * <p>Kind NOT_FOUND when there is none of this token. Kind CONFIG when a field is none of the options, then named by the
     * message; or when the device refuses the whole, in its words: options hold for each field alone, and not each combination
     * of them works. Then nothing has changed.
     *
     * @return the settings that the device tells afterwards, which need not be those that were wanted
     */
    EncoderSettings set(String token, EncoderSettings wanted) throws DriverException;
}
