// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.export.cut.Group.Part;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.worker.SourceEnd;

/** Groups of pictures that a range cuts: with pictures that overtake others, with sound, of other codecs. */
class GroupTest {
    private static final long T0 = 1_795_359_599_000_000L;
    private static final int PICTURE = 3_600;
    private static final int PICTURE_US = 40_000;
    private static final int SOUND = 160;
    private static final int SOUND_US = 20_000;
    private static final TrackFormat G711 = TrackFormats.g711(Codec.PCM_ALAW, 8_000, 1);

    private final FakeEncoder encoder = new FakeEncoder();
    private final EdgeEncoder edges = new EdgeEncoder(() -> Optional.of(encoder), 0);

    private static StreamFormat h264() throws NalException {
        byte[] sps = HexFormat.of().parseHex("67640c28ac18d00f0044fcb00f08846a");
        byte[] pps = HexFormat.of().parseHex("68ee3c80");
        return new StreamFormat(List.of(TrackFormats.h264(new AvcConfig(List.of(sps), List.of(pps))), G711));
    }

    private static StreamFormat hevc() {
        return new StreamFormat(
                List.of(new TrackFormat(Codec.HEVC, 90_000, "hvc1.1.6.L93.90", 640, 360, 0, 25, new byte[0]), G711));
    }

    private static Sample picture(int decoded, int shown, boolean key) {
        ByteBuffer data = ByteBuffer.allocate(40)
                .putInt(36)
                .put((byte) (key ? 0x65 : 0x41))
                .put((byte) shown);
        return new Sample(0, (long) decoded * PICTURE, (long) shown * PICTURE, PICTURE, key, data.rewind());
    }

    /** {@return a group of pictures in the order in which they are shown, with sound over them} */
    private static List<Sample> plain(int from, int count) {
        List<Sample> all = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            all.add(picture(i, i, i == from));
        }
        for (int i = from * 2; i < (from + count) * 2; i++) {
            all.add(new Sample(
                    1, (long) i * SOUND, (long) i * SOUND, SOUND, true, ByteBuffer.wrap(new byte[] {(byte) i})));
        }
        return all;
    }

    private List<Part> parts(StreamFormat format, int from, int to, List<List<Sample>> fragments) throws Exception {
        Group group = new Group(format, T0 + from * (long) PICTURE_US, T0 + to * (long) PICTURE_US);
        for (List<Sample> fragment : fragments) {
            long first = fragment.get(0).presentationTime() / PICTURE;
            group.add(Fragments.fragment(format, fragment), T0 + first * PICTURE_US);
        }
        return group.parts("test", edges, () -> {});
    }

    private static List<Long> shown(Part part) {
        return part.samples().stream()
                .filter(sample -> sample.track() == 0)
                .map(sample -> sample.presentationTime() / PICTURE)
                .toList();
    }

    private static List<Long> heard(Part part) {
        return part.samples().stream()
                .filter(sample -> sample.track() == 1)
                .map(sample -> sample.presentationTime() / SOUND)
                .toList();
    }

    @Test
    void soundBeginsAndEndsWithThePictures() throws Exception {
        List<Part> parts = parts(h264(), 3, 6, List.of(plain(0, 8)));
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(3L, 4L, 5L);
        assertThat(heard(parts.get(0))).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(parts.get(0).fromUs()).isEqualTo(T0 + 3 * PICTURE_US);
        assertThat(parts.get(0).toUs()).isEqualTo(T0 + 6 * PICTURE_US);
    }

    /** Shown as 0 1 2 3 ..., decoded as 0 3 1 2 6 4 5: what is shown as the fourth cannot be decoded without the sixth. */
    @Test
    void whereAPictureBeforeTheEndDependsOnOneBehindItTheLastGroupIsEncodedAnewAndTimesOfDecodingRise()
            throws Exception {
        int[] order = {0, 3, 1, 2, 6, 4, 5, 9, 7, 8};
        List<Sample> group = new ArrayList<>();
        for (int i = 0; i < order.length; i++) {
            group.add(new Sample(
                    0,
                    i * (long) PICTURE,
                    (order[i] + 2L) * PICTURE,
                    PICTURE,
                    i == 0,
                    picture(i, i, i == 0).data()));
        }
        Group cut = new Group(h264(), T0, T0 + 5 * PICTURE_US);
        cut.add(Fragments.fragment(h264(), group), T0);
        List<Part> parts = cut.parts("test", edges, () -> {});
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(parts.get(0).made())
                .hasValueSatisfying(made -> assertThat(made.joins()).isTrue());
        assertThat(parts.get(0).samples())
                .extracting(Sample::decodeTime)
                .containsExactly(0L, (long) PICTURE, 2L * PICTURE, 3L * PICTURE, 4L * PICTURE);
        assertThat(encoder.sessions.get(0).given)
                .extracting(FakeEncoder.Given::timestamp)
                .startsWith(2L * PICTURE, 5L * PICTURE, 3L * PICTURE);
    }

    @Test
    void picturesThatFollowEachOtherInOrderAreCopiedUpToTheEnd() throws Exception {
        List<Part> parts = parts(h264(), 0, 5, List.of(plain(0, 8)));
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(parts.get(0).made()).isEmpty();
        assertThat(encoder.sessions).isEmpty();
    }

    /** Picture 4 is, by the clock, taken before picture 3; but nothing is shown in another order than that of its decoding. */
    @Test
    void aClockThatIsSetBackALittleBetweenTwoFragmentsHasNothingEncodedAnew() throws Exception {
        List<Sample> all =
                plain(0, 8).stream().filter(sample -> sample.track() == 0).toList();
        Group group = new Group(h264(), T0, T0 + 5 * PICTURE_US);
        group.add(Fragments.fragment(h264(), all.subList(0, 4)), T0);
        group.add(Fragments.fragment(h264(), all.subList(4, 8)), T0 + 4 * PICTURE_US - 60_000);
        List<Part> parts = group.parts("test", edges, () -> {});
        assertThat(encoder.sessions).isEmpty();
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(parts.get(0).made()).isEmpty();
    }

    /** Nobody decodes both by one description: what is encoded anew is a file of its own. */
    @Test
    void besideH265WhatIsEncodedAnewDoesNotJoin() throws Exception {
        List<Part> parts = parts(hevc(), 3, 20, List.of(plain(0, 8)));
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(3L, 4L, 5L, 6L, 7L);
        Group.Made made = parts.get(0).made().orElseThrow();
        assertThat(made.joins()).isFalse();
        assertThat(made.format().tracks()).extracting(TrackFormat::codec).containsExactly(Codec.H264, Codec.PCM_ALAW);
    }

    @Test
    void picturesThatEachStandAloneAreTakenAsTheyAre() throws Exception {
        StreamFormat jpeg = new StreamFormat(List.of(TrackFormats.mjpeg(640, 360)));
        List<Sample> pictures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pictures.add(picture(i, i, true));
        }
        List<Part> parts = parts(jpeg, 3, 6, List.of(pictures));
        assertThat(parts).hasSize(1);
        assertThat(shown(parts.get(0))).containsExactly(3L, 4L, 5L);
        assertThat(parts.get(0).made()).isEmpty();
        assertThat(encoder.sessions).isEmpty();
    }

    @Test
    void aRangeBetweenTwoPicturesHasNone() throws Exception {
        StreamFormat jpeg = new StreamFormat(List.of(TrackFormats.mjpeg(640, 360)));
        Group group = new Group(jpeg, T0 + 1, T0 + 2);
        group.add(Fragments.fragment(jpeg, List.of(picture(0, 0, true), picture(1, 1, true))), T0);
        assertThat(group.parts("test", edges, () -> {})).isEmpty();
    }

    @Test
    void aProcessThatIsLostAgainAndAgainIsNotStartedForEver() {
        for (int i = 0; i < 10; i++) {
            encoder.losses.add(
                    new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, "it crashed, try " + i));
        }
        assertThatThrownBy(() -> parts(h264(), 3, 6, List.of(plain(0, 8))))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("it crashed, try 2")
                .hasMessageContaining("key_frame");
        assertThat(encoder.sessions).hasSize(3);
    }

    @Test
    void aPlaceAmongTheMediaProcessesIsWaitedFor() throws Exception {
        for (int i = 0; i < 10; i++) {
            encoder.losses.add(new SourceEnd(DriverException.Kind.BUSY, GapCause.WORKER_FAILED, "as many as may be"));
        }
        assertThat(shown(parts(h264(), 3, 6, List.of(plain(0, 8))).get(0))).containsExactly(3L, 4L, 5L);
        assertThat(encoder.sessions).hasSize(11);
    }

    /** As the recorder cuts where pictures are rare: the index tells when the sound was taken. */
    @Test
    void aFragmentThatBeginsWithSoundIsPlacedByIt() throws Exception {
        Sample heard = new Sample(1, 4L * SOUND, 4L * SOUND, SOUND, true, ByteBuffer.wrap(new byte[] {1}));
        ByteBuffer fragment = Fragments.fragment(h264(), List.of(heard, picture(10, 10, true)));

        assertThat(Group.units(h264(), fragment, T0))
                .extracting(Group.At::wallUs)
                .containsExactly(T0, T0 + 10 * PICTURE_US - 4 * SOUND_US);
    }
}
