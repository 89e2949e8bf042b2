// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.Segment;

/** How large pictures become that are encoded anew. */
class BurnedFormatTest {
    private static final String INIT = "a";
    private static final int MINUTE_US = 60_000_000;

    private static StreamFormat hevc(int width, int height) {
        return new StreamFormat(
                List.of(new TrackFormat(Codec.HEVC, 90_000, "hvc1.1.6.L153.90", width, height, 0, 25, new byte[0])));
    }

    private static Segment segment(String initId, String codecs, int kilobits) {
        UUID id = UUID.randomUUID();
        return new Segment(
                id,
                StreamId.main(id),
                id,
                id,
                "path",
                id,
                0,
                0,
                MINUTE_US,
                kilobits * 1_000L / 8 * 60,
                false,
                initId,
                1_000,
                codecs,
                640,
                360,
                false,
                ClockSource.ARRIVAL,
                1_500,
                Optional.empty());
    }

    @Test
    void onlyPicturesThatTheEncoderDoesNotTakeAreMadeSmallerAndKeepTheirShape() {
        assertThat(BurnedFormat.of(hevc(1_920, 1_080), INIT, List.of()).heightMax())
                .isZero();
        assertThat(BurnedFormat.of(hevc(3_840, 2_160), INIT, List.of()).heightMax())
                .isZero();
        assertThat(BurnedFormat.of(hevc(4_096, 2_304), INIT, List.of()).heightMax())
                .isZero();
        for (int[] size : new int[][] {{4_000, 3_000}, {7_680, 4_320}, {5_120, 5_120}, {8_192, 1_200}}) {
            int height =
                    BurnedFormat.of(hevc(size[0], size[1]), INIT, List.of()).heightMax();
            int width = size[0] * height / size[1];
            int blocks = (width + 15) / 16 * ((height + 15) / 16);
            assertThat(blocks).as("%d x %d", width, height).isBetween(36_000, 36_864);
        }
    }

    @Test
    void theyGetTwiceTheBitsOfTheFootageAndThoseThatStoodAloneHalfOfThem() {
        List<Segment> segments = List.of(
                segment(INIT, "hvc1.1.6.L93.90", 2_000),
                segment(INIT, "hvc1.1.6.L93.90", 4_000),
                segment("another", "hvc1.1.6.L93.90", 15_000));
        assertThat(BurnedFormat.of(hevc(1_920, 1_080), INIT, segments).kilobits())
                .isBetween(5_990, 6_000);
        StreamFormat jpeg = new StreamFormat(List.of(TrackFormats.mjpeg(640, 360)));
        assertThat(BurnedFormat.of(jpeg, INIT, List.of(segment(INIT, "mp4v.6C", 12_000)))
                        .kilobits())
                .isBetween(5_990, 6_000);
        assertThat(BurnedFormat.of(jpeg, INIT, List.of(segment(INIT, "mp4v.6C", 100)))
                        .kilobits())
                .isEqualTo(500);
        assertThat(BurnedFormat.of(jpeg, INIT, List.of(segment(INIT, "avc1.640028", 60_000)))
                        .kilobits())
                .isEqualTo(20_000);
    }
}
