// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamRole;

/** Video encoders that say yes. */
final class EncoderFlaws {
    private static final VideoEncoders.Encoder ONE = one();

    static final Map<String, Flaw> BY_RULE = Map.of(
            "encoders.described", visit -> offering(visit, new Careless(List.of())),
            "encoders.set", visit -> offering(visit, new Careless(List.of(ONE))),
            "encoders.range", visit -> offering(visit, new Careless(List.of(ONE))),
            "encoders.unknown", visit -> offering(visit, new Careless(List.of(ONE))));

    /** Whose answer is what was asked for, whatever that is and whatever becomes of it. */
    private record Careless(List<Encoder> encoders) implements VideoEncoders {
        @Override
        public EncoderSettings set(String token, EncoderSettings wanted) {
            return wanted;
        }
    }

    private EncoderFlaws() {}

    private static VideoEncoders.Encoder one() {
        Resolution size = new Resolution(1280, 720);
        EncoderSettings settings = new EncoderSettings(
                Codec.H264,
                size,
                Optional.of(25.0),
                Optional.of(2_000),
                Optional.empty(),
                Optional.empty(),
                Optional.of(50),
                Optional.empty());
        EncoderOptions options = new EncoderOptions(
                Codec.H264,
                List.of(size),
                Optional.of(new EncoderOptions.Range(1, 25)),
                List.of(),
                Optional.of(new EncoderOptions.Range(64, 8_000)),
                false,
                Optional.empty(),
                Optional.of(new EncoderOptions.Range(1, 250)),
                List.of());
        return new VideoEncoders.Encoder("1", "", Set.of(StreamRole.MAIN), settings, List.of(options));
    }

    private static Object offering(Visit visit, VideoEncoders encoders) throws Throwable {
        return visit.is("capability") && visit.argument(0) == VideoEncoders.class ? Optional.of(encoders) : visit.go();
    }
}
