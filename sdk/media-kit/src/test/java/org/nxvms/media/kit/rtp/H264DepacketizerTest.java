// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.TestClip.Picture;
import org.nxvms.media.kit.nal.AvcParameterSets;

/** A real clip through every way a camera may cut it, and through losses. */
class H264DepacketizerTest {
    private static final List<Picture> CLIP = TestClip.pictures();
    private static final long FIRST = 0xFFFF_FF00L;

    private static List<byte[]> packets(Packetizer packetizer) {
        CLIP.forEach(picture -> packetizer.picture(picture.nals(), FIRST + picture.pts()));
        return packetizer.packets();
    }

    private static RecordingSink through(List<byte[]> packets, AvcParameterSets sets, boolean waitForKey) {
        RecordingSink sink = new RecordingSink(1 << 16);
        Packetizer.feed(packets, new H264Depacketizer(sink, sets, waitForKey));
        return sink;
    }

    private static void assertWhole(RecordingSink sink, int pictures) {
        assertThat(sink.units).hasSize(pictures);
        for (int i = 0; i < pictures; i++) {
            RecordingSink.Unit unit = sink.units.get(i);
            assertThat(Arrays.equals(unit.bytes(), CLIP.get(i).sample()))
                    .as("bytes of picture " + i)
                    .isTrue();
            assertThat(unit.timestamp()).isEqualTo(FIRST + CLIP.get(i).pts());
            assertThat(unit.key()).isEqualTo(CLIP.get(i).key());
            assertThat(unit.afterLoss()).isFalse();
        }
    }

    @Property(tries = 60)
    void everyCutGivesTheSamePictures(
            @ForAll @IntRange(min = 20, max = 1500) int payloadMax,
            @ForAll boolean aggregate,
            @ForAll @IntRange(min = 0, max = 65535) int firstSequence) {
        Packetizer packetizer = new Packetizer(payloadMax, aggregate, Packetizer.Marker.LAST_PACKET, firstSequence);

        RecordingSink sink = through(packets(packetizer), TestClip.parameterSets(), false);

        assertWhole(sink, CLIP.size());
        assertThat(sink.formatChanges).isZero();
    }

    @Test
    void withoutAnyMarkerThePictureEndsWhenTheTimeChanges() {
        Packetizer packetizer = new Packetizer(300, true, Packetizer.Marker.NEVER, 1);

        // The last picture's end is never seen.
        assertWhole(through(packets(packetizer), TestClip.parameterSets(), false), CLIP.size() - 1);
    }

    @Test
    void aMarkerOnEverySliceIsNoticedAndThenIgnored() {
        Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.EVERY_NAL, 1);

        RecordingSink sink = through(packets(packetizer), TestClip.parameterSets(), false);

        // The first picture is begun anew at its first slice; the end of the last one is never seen.
        assertThat(sink.units).hasSize(CLIP.size() - 1);
        for (int i = 1; i < sink.units.size(); i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(CLIP.get(i).sample());
        }
    }

    @Test
    void parameterSetsInTheStreamReplaceThoseOfTheDescription() {
        Packetizer packetizer = new Packetizer(1400, true, Packetizer.Marker.LAST_PACKET, 1);
        AvcParameterSets none = new AvcParameterSets();

        RecordingSink sink = through(packets(packetizer), none, false);

        // In this clip the SEI stands before the first SPS, so it goes with the format before.
        assertThat(sink.units).hasSize(CLIP.size());
        assertThat(sink.units.get(0).bytes()).isEqualTo(slicesOf(CLIP.get(0)));
        assertThat(sink.units.get(1).bytes()).isEqualTo(CLIP.get(1).sample());
        assertThat(sink.formatChanges).isEqualTo(1);
        assertThat(none.config()).isPresent();
    }

    @Test
    void aChangedSpsIsAChangeOfFormatBeforeItsFirstPicture() {
        Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 1);
        packetizer.picture(CLIP.get(0).nals(), 0);
        List<byte[]> changed = new ArrayList<>();
        for (byte[] nal : CLIP.get(0).nals()) {
            byte[] copy = nal.clone();
            if ((copy[0] & 0x1F) == 7) {
                copy[3]++; // another level
            }
            changed.add(copy);
        }
        packetizer.picture(changed, 3600);

        RecordingSink sink = through(packetizer.packets(), TestClip.parameterSets(), false);

        assertThat(sink.units).hasSize(2).allMatch(RecordingSink.Unit::key);
        assertThat(sink.formatChanges).isEqualTo(1);
    }

    @Property(tries = 150)
    void lostPacketsNeverGiveATornPicture(
            @ForAll @IntRange(min = 30, max = 400) int payloadMax,
            @ForAll boolean aggregate,
            @ForAll Packetizer.Marker marker,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 0, max = 10_000) Integer> losses) {
        if (marker == Packetizer.Marker.EVERY_NAL) {
            return;
        }
        List<byte[]> packets = new ArrayList<>(packets(new Packetizer(payloadMax, aggregate, marker, 65_500)));
        losses.forEach(loss -> packets.remove(loss % packets.size()));

        RecordingSink sink = through(packets, TestClip.parameterSets(), false);

        for (RecordingSink.Unit unit : sink.units) {
            Picture picture = CLIP.stream()
                    .filter(each -> (int) (FIRST + each.pts()) == (int) unit.timestamp())
                    .findFirst()
                    .orElseThrow();
            assertThat(unit.key()).isEqualTo(picture.key());
            if (marker == Packetizer.Marker.LAST_PACKET && !lostNonPictureOnly(unit, picture)) {
                assertThat(unit.bytes()).isEqualTo(picture.sample());
            }
        }
    }

    /** What came before it wrapped around is not known then: the rest is counted from below. */
    @Test
    void aStreamWhoseFirstPictureIsLostBeginsWithTheNextOne() {
        lostPacketsNeverGiveATornPicture(348, true, Packetizer.Marker.LAST_PACKET, List.of(0, 0, 0, 0));
    }

    /** A lost SEI leaves a picture that is whole to a decoder. */
    private static boolean lostNonPictureOnly(RecordingSink.Unit unit, Picture picture) {
        return Arrays.equals(unit.bytes(), slicesOf(picture));
    }

    private static byte[] slicesOf(Picture picture) {
        List<byte[]> slices =
                picture.nals().stream().filter(nal -> (nal[0] & 0x1F) <= 5).toList();
        return new Picture(slices, picture.pts(), picture.key()).sample();
    }

    @Test
    void afterALossPicturesAreFlaggedOrHeldBackUntilTheNextKey() {
        List<byte[]> packets = packets(new Packetizer(100, false, Packetizer.Marker.LAST_PACKET, 1));
        Packetizer first = new Packetizer(100, false, Packetizer.Marker.LAST_PACKET, 1);
        CLIP.subList(0, 5).forEach(picture -> first.picture(picture.nals(), picture.pts()));
        int lost = first.packets().size() - 1;
        List<byte[]> without = new ArrayList<>(packets);
        without.remove(lost);

        RecordingSink kept = through(without, TestClip.parameterSets(), false);
        RecordingSink held = through(without, TestClip.parameterSets(), true);

        assertThat(kept.units.stream().filter(RecordingSink.Unit::afterLoss)).hasSize(1);
        assertThat(kept.units).hasSize(CLIP.size() - 1);
        assertThat(held.units.size()).isLessThan(kept.units.size());
        RecordingSink.Unit resumed = held.units.stream()
                .filter(RecordingSink.Unit::afterLoss)
                .findFirst()
                .orElseThrow();
        assertThat(resumed.key()).isTrue();
    }

    /** A picture of three slices; as H.264 7.3.3 has it, a first one begins with macroblock 0, and all with set 0. */
    private static List<byte[]> slices(int head) {
        byte[] first = {(byte) head, (byte) 0x88, (byte) 0x80, 1};
        byte[] second = {(byte) head, 0x42, 0x30, 2};
        byte[] third = {(byte) head, 0x62, 0x30, 3};
        return List.of(first, second, third);
    }

    private static byte[] sample(int head) {
        return new Picture(slices(head), 0, false).sample();
    }

    /** A key picture, two others, a key picture, one more; each of three slices. */
    private static List<byte[]> sliced(Packetizer.Marker marker) {
        Packetizer packetizer = new Packetizer(1400, false, marker, 1);
        int[] heads = {0x65, 0x41, 0x41, 0x65, 0x41};
        for (int i = 0; i < heads.length; i++) {
            packetizer.picture(slices(heads[i]), 3_600L * i);
        }
        return packetizer.packets();
    }

    /** At its second slice, and at its third. */
    @ParameterizedTest
    @CsvSource({"1,LAST_PACKET", "2,LAST_PACKET", "1,EVERY_NAL", "2,EVERY_NAL", "1,NEVER"})
    void aStreamThatIsJoinedWithinAKeyPictureBeginsWithTheNextOne(int missed, Packetizer.Marker marker) {
        List<byte[]> packets = sliced(marker);

        RecordingSink sink = through(packets.subList(missed, packets.size()), TestClip.parameterSets(), false);

        assertThat(sink.units).isNotEmpty();
        assertThat(sink.units.get(0).timestamp()).isEqualTo(3 * 3_600);
        assertThat(sink.units.get(0).key()).isTrue();
        assertThat(sink.units.get(0).bytes()).isEqualTo(sample(0x65));
        assertThat(sink.units.get(0).afterLoss()).as("nothing was there before").isFalse();
    }

    @Test
    void aStreamOfSlicesThatIsSeenFromItsBeginningIsWhole() {
        RecordingSink sink = through(sliced(Packetizer.Marker.LAST_PACKET), TestClip.parameterSets(), false);

        assertThat(sink.units)
                .extracting(RecordingSink.Unit::timestamp)
                .containsExactly(0L, 3_600L, 7_200L, 10_800L, 14_400L);
        assertThat(sink.units.get(0).bytes()).isEqualTo(sample(0x65));
        assertThat(sink.units.get(4).bytes()).isEqualTo(sample(0x41));
    }

    /** It is not known yet that this camera sets the marker on every slice when the first is lost. */
    @Test
    void whatIsLeftOfATornPictureIsNoPicture() {
        List<byte[]> packets = new ArrayList<>(sliced(Packetizer.Marker.EVERY_NAL));
        // One slice of the picture before is seen, then the key picture without its first.
        packets.subList(0, 8).clear();
        packets.remove(1);

        RecordingSink sink = new RecordingSink(1 << 16);
        H264Depacketizer depacketizer = new H264Depacketizer(sink, TestClip.parameterSets(), false);
        depacketizer.goOn();
        Packetizer.feed(packets, depacketizer);

        assertThat(sink.units).extracting(RecordingSink.Unit::timestamp).containsExactly(7_200L);
    }

    /** Nothing is missing before its first packet, whatever slice that is of. */
    @Test
    void whoGoesOnForAnotherTakesWhatFollows() {
        List<byte[]> packets = sliced(Packetizer.Marker.LAST_PACKET);
        RecordingSink sink = new RecordingSink(1 << 16);
        H264Depacketizer depacketizer = new H264Depacketizer(sink, TestClip.parameterSets(), true);
        depacketizer.goOn();

        Packetizer.feed(packets.subList(4, packets.size()), depacketizer);

        assertThat(sink.units)
                .extracting(RecordingSink.Unit::timestamp)
                .containsExactly(3_600L, 7_200L, 10_800L, 14_400L);
    }

    @Test
    void aPictureAboveTheSinksLimitIsDroppedAndTheNextOnesAreNot() {
        RecordingSink sink = new RecordingSink(400);
        H264Depacketizer depacketizer = new H264Depacketizer(sink, TestClip.parameterSets(), false);
        Packetizer.feed(packets(new Packetizer(100, false, Packetizer.Marker.LAST_PACKET, 1)), depacketizer);

        assertThat(depacketizer.dropped()).isPositive();
        assertThat(sink.units).allMatch(unit -> unit.bytes().length <= 400);
    }
}
