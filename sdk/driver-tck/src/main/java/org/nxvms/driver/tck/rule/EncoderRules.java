// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.driver.spi.VideoEncoders.Encoder;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.media.StreamRole;

/** How a device encodes its streams: what is told of it, and what comes of a change. */
final class EncoderRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "encoders.described",
                    "There is at least one video encoder, each is told once and with the options of its codec, and one makes"
                            + " the main stream.",
                    EncoderRules::described),
            Rule.of(
                    "encoders.set",
                    "A video encoder that is set tells its new settings, and they are those that the driver answered; or the"
                            + " change is refused.",
                    EncoderRules::set),
            Rule.of(
                    "encoders.range",
                    "What is none of a video encoder's options is refused with CONFIG, naming the field.",
                    EncoderRules::range),
            Rule.of(
                    "encoders.unknown",
                    "To set a video encoder that the device does not have is NOT_FOUND.",
                    EncoderRules::unknown));

    /** No camera's picture. */
    private static final Resolution NONE = new Resolution(17, 17);

    private EncoderRules() {}

    private static List<Encoder> told(Scene scene, VideoEncoders encoders) throws Exception {
        List<Encoder> told =
                scene.ask("VideoEncoders.encoders()", encoders::encoders).get();
        Expect.that(!told.isEmpty(), "It offers video encoders and tells of none.");
        return told;
    }

    private static void described(Scene scene) throws Exception {
        VideoEncoders encoders = scene.require(scene.session(), VideoEncoders.class);
        List<Encoder> told = told(scene, encoders);
        Expect.that(told.size() <= VideoEncoders.ENCODERS_MAX, "It tells of more video encoders than it may.");
        Set<String> tokens = new HashSet<>();
        Set<StreamRole> made = new HashSet<>();
        for (Encoder each : told) {
            Expect.that(tokens.add(each.token()), "It tells twice of the video encoder " + each.token() + ".");
            for (StreamRole role : each.streams()) {
                Expect.that(made.add(role), "Two video encoders make the stream " + role + ".");
            }
            Expect.that(
                    each.options().stream()
                            .anyMatch(
                                    option -> option.codec() == each.settings().codec()),
                    "The video encoder " + each.token() + " is set to "
                            + each.settings().codec() + ", of which it has no options.");
        }
        Expect.that(made.contains(StreamRole.MAIN), "No video encoder makes the main stream.");
        Expect.that(
                told.stream()
                        .map(Encoder::token)
                        .toList()
                        .equals(told(scene, encoders).stream()
                                .map(Encoder::token)
                                .toList()),
                "Asked again, it tells of other video encoders.");
    }

    private static void set(Scene scene) throws Exception {
        scene.requireActing();
        VideoEncoders encoders = scene.require(scene.session(), VideoEncoders.class);
        Encoder encoder = told(scene, encoders).get(0);
        EncoderSettings before = encoder.settings();
        EncoderSettings wanted = other(encoder);
        Answer<EncoderSettings> answer = set(scene, encoders, encoder.token(), wanted);
        if (answer.failed()) {
            Expect.kind(answer.failure(), "Told to set a video encoder", Kind.CONFIG, Kind.UNSUPPORTED, Kind.BUSY);
            throw new NotTried("the device refuses: " + answer.failure().getMessage());
        }
        EncoderSettings told = told(scene, encoders).stream()
                .filter(each -> each.token().equals(encoder.token()))
                .findFirst()
                .map(Encoder::settings)
                .orElse(before);
        set(scene, encoders, encoder.token(), with(before, before.resolution(), before.bitrateKbps()))
                .get();
        Expect.that(
                told.equals(answer.value()),
                "Set to " + wanted.values() + ", it answers " + answer.value().values() + ", and tells " + told.values()
                        + " when it is asked again.");
        Expect.that(
                wanted.differences(told).isEmpty(),
                "Set to " + wanted.values() + ", it is told to be " + told.values() + ".");
    }

    private static Answer<EncoderSettings> set(
            Scene scene, VideoEncoders encoders, String token, EncoderSettings wanted) throws Exception {
        return scene.ask("VideoEncoders.set()", () -> encoders.set(token, wanted));
    }

    /** {@return its settings with another bit rate, at the end of its range: what is between may be rounded} */
    private static EncoderSettings other(Encoder encoder) {
        EncoderSettings now = encoder.settings();
        EncoderOptions.Range range = encoder.options().stream()
                .filter(option -> option.codec() == now.codec())
                .flatMap(option -> option.bitrateKbps().stream())
                .findFirst()
                .orElseThrow(() -> new NotTried("the device's bit rate cannot be set"));
        int least = (int) Math.ceil(range.min());
        int most = (int) Math.floor(range.max());
        return with(now, now.resolution(), Optional.of(now.bitrateKbps().equals(Optional.of(most)) ? least : most));
    }

    private static EncoderSettings with(EncoderSettings now, Resolution resolution, Optional<Integer> bitrateKbps) {
        return new EncoderSettings(
                now.codec(),
                resolution,
                Optional.empty(),
                bitrateKbps,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void range(Scene scene) throws Exception {
        scene.requireActing();
        VideoEncoders encoders = scene.require(scene.session(), VideoEncoders.class);
        Encoder encoder = told(scene, encoders).get(0);
        Answer<EncoderSettings> answer =
                set(scene, encoders, encoder.token(), with(encoder.settings(), NONE, Optional.empty()));
        if (!answer.failed()) {
            EncoderSettings before = encoder.settings();
            set(scene, encoders, encoder.token(), with(before, before.resolution(), Optional.empty()))
                    .get();
        }
        Expect.that(answer.failed(), "It takes a picture of " + NONE + ", which is none of its options.");
        Expect.kind(answer.failure(), "Told to make pictures of " + NONE, Kind.CONFIG);
        Expect.that(
                answer.failure().getMessage().contains(EncoderSettings.RESOLUTION),
                "Told to make pictures of " + NONE + ", it does not say that \"" + EncoderSettings.RESOLUTION
                        + "\" is wrong, but: " + answer.failure().getMessage());
    }

    private static void unknown(Scene scene) throws Exception {
        scene.requireActing();
        VideoEncoders encoders = scene.require(scene.session(), VideoEncoders.class);
        EncoderSettings settings = told(scene, encoders).get(0).settings();
        Answer<EncoderSettings> answer = set(scene, encoders, "no-such-77", settings);
        Expect.kind(answer.failure(), "Told to set a video encoder that is not there", Kind.NOT_FOUND);
    }
}
