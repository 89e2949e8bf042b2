// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.export.pack.Manifest.Anchor;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;

/** Which times of an exported file are which of the clock, for footage whose pictures or tracks overtake each other. */
class FragmentTimesTest {
    private static final long START_US = 1_790_000_000_000_000L;
    private static final TrackFormat PICTURES =
            new TrackFormat(Codec.H264, 90_000, "avc1.64001E", 640, 360, 0, 25, new byte[] {1, 2, 3});
    private static final int SOUND_RATE = 48_000;
    private static final UUID RUN = UUID.randomUUID();

    /** A picture of the file and when it was taken. */
    private record Shown(long fileMs, long wallUs) {}

    private final List<Shown> shown = new ArrayList<>();

    @Test
    void picturesThatOvertakeEachOtherNeedOneAnchorAndAreAllTold() throws Mp4Exception {
        FragmentTimes times = new FragmentTimes(new StreamFormat(List.of(PICTURES)));
        DecodeTimes decode = new DecodeTimes(OptionalInt.of(1));
        List<Integer> coded = new ArrayList<>(List.of(0));
        for (int shownLast = 3; shownLast < 600; shownLast += 3) {
            coded.addAll(List.of(shownLast, shownLast - 2, shownLast - 1));
        }
        // Of four pictures each, so that they begin with every kind.
        for (int from = 0; from + 4 <= coded.size(); from += 4) {
            FragmentBuilder builder = new FragmentBuilder(1, 4);
            builder.begin(from);
            for (int number : coded.subList(from, from + 4)) {
                builder.add(0, decode.next(number * 3_600L), number * 3_600L, 100, from == 0);
            }
            place(times, builder, coded.get(from) * 40_000L);
        }
        assertThat(times.anchors()).hasSize(1);
        assertThatEachPictureIsToldWithinTenMilliseconds(times.anchors());
    }

    @Test
    void aFragmentThatBeginsWithSoundIsToldByIt() throws Mp4Exception {
        FragmentTimes times = new FragmentTimes(new StreamFormat(List.of(PICTURES, TrackFormats.opus(1))));
        for (int i = 0; i < 20; i++) {
            FragmentBuilder builder = new FragmentBuilder(2, 4);
            builder.begin(i);
            // A picture in two seconds; every other fragment begins with the sound of 1.4 s before it.
            long pictureMs = 1_400 + i * 2_000L;
            long soundMs = i % 2 == 0 ? pictureMs - 1_400 : pictureMs;
            if (i % 2 == 0) {
                builder.add(1, soundMs * SOUND_RATE / 1_000, soundMs * SOUND_RATE / 1_000, 10, true);
            }
            builder.add(0, pictureMs * 90, pictureMs * 90, 100, true);
            place(times, builder, soundMs * 1_000);
        }
        assertThatEachPictureIsToldWithinTenMilliseconds(times.anchors());
    }

    private void place(FragmentTimes times, FragmentBuilder builder, long startUs) throws Mp4Exception {
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        ByteBuffer moof = header.flip().slice(0, header.limit() - 8);
        long firstPts = pictures(moof).presentationTime()[0];
        times.place(moof, RUN, new FragmentEntry(0, 1, START_US + startUs, 100_000, true, 1));
        SampleTable placed = pictures(moof);
        long shift = placed.presentationTime()[0] - firstPts;
        for (long time : placed.presentationTime()) {
            shown.add(new Shown(time / 90, START_US + (time - shift) * 100 / 9));
        }
    }

    private static SampleTable pictures(ByteBuffer moof) throws Mp4Exception {
        return FragmentHeader.parse(moof.duplicate()).track(0).orElseThrow();
    }

    private void assertThatEachPictureIsToldWithinTenMilliseconds(List<Anchor> anchors) {
        assertThat(shown).allSatisfy(picture -> {
            Anchor last = anchors.get(0);
            for (Anchor anchor : anchors) {
                last = anchor.fileMs() <= picture.fileMs() ? anchor : last;
            }
            Instant told = last.at().plusMillis(picture.fileMs() - last.fileMs());
            assertThat(ChronoUnit.MICROS.between(Instant.EPOCH, told) - picture.wallUs())
                    .as("what is told of the picture at %s ms, less when it was taken", picture.fileMs())
                    .isBetween(-10_000L, 10_000L);
        });
    }
}
