// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * A camera was not reached from the 130th picture on, amid a group, to the 400th; it recorded all of them, by a clock that is a
 * year ahead and too fast.
 */
class FillingTest {
    private static final int AWAY = 130;
    private static final int BACK = 400;
    private static final int END = 460;
    private static final long LATE_US = 30_000;
    private static final long LATER_US = 90_000;

    private FakeFootage footage = new FakeFootage();
    private final FakeCamera camera = new FakeCamera();

    @BeforeEach
    void theCameraWasAway() {
        footage.received(0, AWAY, LATE_US);
        footage.received(BACK, END, LATER_US);
        footage.missing(
                Pictures.takenUs(AWAY) + LATE_US, Pictures.takenUs(BACK) + LATER_US, GapCause.CAMERA_UNREACHABLE);
        camera.recorded.add(new int[] {0, END});
    }

    private Filling filling() {
        DeviceFootage device = new DeviceFootage(
                camera.control(END), FakeFootage.CAMERA_ID, () -> 1L << 40, () -> Pictures.takenUs(END));
        return new Filling(footage.archive(), footage, FakeFootage.CAMERA, FootageTerms.days(30), device);
    }

    private Filling.Sum fill() throws FillFailedException {
        Filling filling = filling();
        filling.fill(Pictures.takenUs(0), Pictures.takenUs(END));
        return filling.sum();
    }

    /** {@return the pictures that somebody sees, in their order} What lasts a tick is decoded in passing. */
    private List<Integer> seen() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        for (Segment segment : footage.all()) {
            footage.seen(segment).stream()
                    .filter(one -> one.ticks() > 1)
                    .map(Pictures.Seen::number)
                    .forEach(numbers::add);
        }
        return numbers;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private void isWithoutHole() {
        List<Segment> all = footage.all();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).startUs()).isEqualTo(all.get(i - 1).endUs());
        }
    }

    @Test
    void eachPictureIsThereOnceAndWhatTheFirstDependsOnIsDecodedInPassing() throws Exception {
        Filling.Sum sum = fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
        assertThat(sum.filledUs()).isEqualTo(sum.missingUs());
        assertThat(sum.pictures()).isEqualTo(BACK - AWAY);
        assertThat(sum.placed()).contains(FillJob.Placed.BY_PICTURES);
        Segment filled = footage.all().get(1);
        assertThat(filled.clockSource()).isEqualTo(ClockSource.DEVICE_RECORDING);
        List<Pictures.Seen> pictures = footage.seen(filled);
        assertThat(pictures.get(0).key()).isTrue();
        assertThat(pictures.subList(0, AWAY - 100))
                .as("the lead, from the key frame on")
                .extracting(Pictures.Seen::number)
                .isEqualTo(numbers(100, AWAY));
        assertThat(pictures.subList(0, AWAY - 100))
                .extracting(Pictures.Seen::ticks)
                .containsOnly(1L);
        for (FragmentEntry fragment : footage.index(filled)) {
            assertThat(fragment.durationUs()).isLessThanOrEqualTo(700_000);
        }
        FragmentEntry key = footage.index(filled).stream()
                .filter(one -> one.key() && one.startUs() > filled.startUs())
                .findFirst()
                .orElseThrow();
        assertThat(key.startUs())
                .as("when the 150th picture came, had it come")
                .isCloseTo(Pictures.takenUs(150) + LATE_US, Offset.offset(10_000L));
    }

    @Test
    void soundLiesBesideThePicturesThatItWasRecordedWith() throws Exception {
        camera.sound = true;
        footage.hasSound = true;

        fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
        assertThat(footage.formats).containsExactly(Pictures.FORMAT_WITH_SOUND);
        Segment filled = footage.all().get(1);
        List<Pictures.Heard> heard = footage.heard(filled);
        int first = heard.get(0).number();
        assertThat(first).as("from the first picture that was missing on").isBetween(2 * AWAY - 2, 2 * AWAY + 2);
        assertThat(heard)
                .extracting(Pictures.Heard::number)
                .as("up to the last")
                .isEqualTo(numbers(first, first + heard.size()))
                .last()
                .satisfies(last -> assertThat(last).isBetween(2 * BACK - 3, 2 * BACK));
        for (Pictures.Heard one : heard) {
            long wallUs = filled.startUs() + one.ticks() * 1_000 / 8;
            assertThat(wallUs - Pictures.T0 - one.number() * Pictures.SOUND_EACH_US)
                    .as("what the network took, spread over the gap, of frame %d", one.number())
                    .isBetween(LATE_US - 5_000, LATER_US + 5_000);
        }
        assertThat(footage.index(filled).stream()
                        .mapToInt(FragmentEntry::accessUnits)
                        .sum())
                .as("pictures, with the lead")
                .isEqualTo(BACK - 100);
    }

    @Test
    void whereNobodyRecordsSoundNoneIsFetched() throws Exception {
        camera.sound = true;

        fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        assertThat(footage.formats).containsExactly(Pictures.FORMAT);
    }

    @Test
    void whatIsAskedForTwiceIsFetchedOnce() throws Exception {
        fill();
        int fetches = camera.fetches.get();

        Filling.Sum again = fill();

        assertThat(again.missingUs()).isZero();
        assertThat(camera.fetches).hasValue(fetches);
        assertThat(seen()).isEqualTo(numbers(0, END));
    }

    @Test
    void whatTheCameraHasNotStaysMissing() throws Exception {
        camera.recorded.clear();
        camera.recorded.add(new int[] {0, 212});
        camera.recorded.add(new int[] {320, END});

        Filling.Sum sum = fill();

        List<Integer> there = new ArrayList<>(numbers(0, 212));
        there.addAll(numbers(350, END));
        assertThat(seen()).as("again from the key frame on").isEqualTo(there);
        assertThat(sum.pictures()).isEqualTo(212 - AWAY + BACK - 350);
        assertThat(sum.missingUs() - sum.filledUs())
                .as("but for what the network took, which is spread over all of it")
                .isCloseTo((350 - 212) * Pictures.EACH_US, Offset.offset(LATER_US - LATE_US));
    }

    @Test
    void aRecordingThatBreaksOffIsGoneOnWithFromWhereItWas() throws Exception {
        camera.breaksAfter = 200;
        Filling broken = filling();
        assertThatThrownBy(() -> broken.fill(Pictures.takenUs(0), Pictures.takenUs(END)))
                .isInstanceOfSatisfying(FillFailedException.class, failed -> assertThat(failed.isPassing())
                        .isTrue())
                .hasMessageContaining("went away");
        assertThat(broken.sum().filledUs()).isPositive();
        assertThat(seen()).doesNotHaveDuplicates().hasSizeLessThan(END);

        camera.breaksAfter = Integer.MAX_VALUE;
        Filling.Sum rest = fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
        assertThat(rest.filledUs() + broken.sum().filledUs())
                .isEqualTo(broken.sum().missingUs());
    }

    @Test
    void aDiskThatFailsKeepsWhatItTookAndTheRestIsPutThereLater() throws Exception {
        // At first amid the group that has the lead, then in one of the next.
        for (int fragments : new int[] {1, 4}) {
            footage.fragmentsMax = fragments;
            assertThatThrownBy(this::fill)
                    .isInstanceOfSatisfying(FillFailedException.class, failed -> assertThat(failed.isPassing())
                            .isTrue())
                    .hasMessageContaining("the disk fails");
        }
        assertThat(footage.all()).hasSize(4);

        footage.fragmentsMax = Integer.MAX_VALUE;
        fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
    }

    @Test
    void aRecordingOfAnotherQualityIsPlacedByTheCamerasClock() throws Exception {
        camera.recordsAnew = true;

        Filling.Sum sum = fill();

        assertThat(sum.placed()).contains(FillJob.Placed.BY_CLOCK);
        isWithoutHole();
        assertThat(sum.filledUs()).isEqualTo(sum.missingUs());
        List<Pictures.Seen> pictures = footage.seen(footage.all().get(1));
        assertThat(pictures.get(0).key()).isTrue();
        assertThat(pictures.stream().filter(one -> one.ticks() > 1).findFirst())
                .hasValueSatisfying(first ->
                        assertThat(first.number()).as("to a second or two").isBetween(AWAY - 50, AWAY + 50));
    }

    @Test
    void aClockThatWasSetMeanwhileIsNotBelieved() {
        camera.setAt = 300;
        camera.setByUs = 5_000_000;

        assertThatThrownBy(this::fill).isInstanceOf(FillFailedException.class).hasMessageContaining("clock was set");

        assertThat(footage.all()).hasSize(2);
    }

    @Test
    void aClockThatWasSetBackByMoreThanTheGapIsNotBelieved() {
        footage = new FakeFootage();
        footage.received(0, 180, LATE_US);
        footage.received(200, END, LATE_US);
        footage.missing(Pictures.takenUs(180) + LATE_US, Pictures.takenUs(200) + LATE_US, GapCause.CAMERA_UNREACHABLE);
        camera.setAt = 200;
        camera.setByUs = -1_500_000;

        assertThatThrownBy(this::fill)
                .isInstanceOfSatisfying(FillFailedException.class, failed -> assertThat(failed.isPassing())
                        .isFalse())
                .hasMessageContaining("clock was set");

        assertThat(footage.all()).hasSize(2);
    }

    @Test
    void ofADeviceWithTwoLensesTheOneIsTakenWhosePicturesAreBesideTheGap() throws Exception {
        camera.recorded.add(0, new int[] {0, END});
        camera.ofOtherLens.add(0);

        Filling.Sum sum = fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        assertThat(sum.placed()).contains(FillJob.Placed.BY_PICTURES);
    }

    @Test
    void ofADeviceWithTwoLensesThatRestartedWhatMayBeOfEitherStaysMissing() throws Exception {
        camera.recorded.clear();
        for (int[] range : List.of(new int[] {0, 200}, new int[] {200, 300}, new int[] {300, END})) {
            camera.ofOtherLens.add(camera.recorded.size());
            camera.recorded.add(range);
            camera.recorded.add(range);
        }

        Filling.Sum sum = fill();

        List<Integer> there = new ArrayList<>(numbers(0, 200));
        there.addAll(numbers(300, END));
        assertThat(seen()).isEqualTo(there);
        assertThat(sum.placed()).contains(FillJob.Placed.BY_PICTURES);
    }

    @Test
    void afterTwoRestartsTheOnlyRecordingBetweenIsTakenByTheCamerasClock() throws Exception {
        camera.recorded.clear();
        camera.recorded.addAll(List.of(new int[] {0, 200}, new int[] {200, 300}, new int[] {300, END}));

        Filling.Sum sum = fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        assertThat(sum.placed()).contains(FillJob.Placed.BY_CLOCK);
    }

    @Test
    void ofRecordingsThatOverlapEachPictureIsTakenOnce() throws Exception {
        camera.recorded.clear();
        camera.recorded.addAll(List.of(new int[] {0, 250}, new int[] {100, END}));

        fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
    }

    @Test
    void ofTwoRecordingsOfAnotherQualityNoneIsTaken() {
        camera.recordsAnew = true;
        camera.recorded.add(new int[] {0, END});

        assertThatThrownBy(this::fill)
                .isInstanceOfSatisfying(FillFailedException.class, failed -> assertThat(failed.isPassing())
                        .isFalse())
                .hasMessageContaining("several recordings");

        assertThat(footage.all()).hasSize(2);
    }

    @Test
    void behindAClockThatWasSetByMoreThanTheGapThePicturesAreWhereTheyBelong() throws Exception {
        camera.setAt = 300;
        camera.setByUs = 60_000_000;

        fill();

        List<Integer> there = new ArrayList<>(numbers(0, AWAY));
        there.addAll(numbers(300, END));
        assertThat(seen()).isEqualTo(there);
        assertThat(footage.all().get(1).startUs()).isCloseTo(Pictures.takenUs(300) + LATER_US, Offset.offset(10_000L));
    }

    @Test
    void anOutageWhoseCauseChangedIsFilledAsAWholeWhicheverPartIsAskedFor() throws Exception {
        long changedUs = Pictures.takenUs(200);
        footage.gaps.clear();
        footage.missing(Pictures.takenUs(AWAY) + LATE_US, changedUs, GapCause.STREAM_STALLED);
        footage.missing(changedUs, Pictures.takenUs(BACK) + LATER_US, GapCause.CAMERA_UNREACHABLE);

        filling().fill(changedUs, Pictures.takenUs(BACK) + LATER_US);

        assertThat(seen()).isEqualTo(numbers(0, END));
        isWithoutHole();
    }

    @Test
    void whatNobodyWantedIsNotFetched() throws Exception {
        footage.gaps.clear();
        footage.missing(Pictures.takenUs(AWAY) + LATE_US, Pictures.takenUs(BACK) + LATER_US, GapCause.DELETED_BY_USER);

        assertThat(fill().missingUs()).isZero();
        assertThat(camera.fetches).hasValue(0);
    }

    @Test
    void aFetchThatHasNotEndedYetIsWaitedFor() throws Exception {
        camera.busy.set(2);

        fill();

        assertThat(seen()).isEqualTo(numbers(0, END));
    }

    @Test
    void aCameraThatDoesNotAnswerMayAnswerLater() {
        camera.unreachable = true;

        assertThatThrownBy(this::fill)
                .isInstanceOfSatisfying(FillFailedException.class, failed -> assertThat(failed.isPassing())
                        .isTrue());
        assertThat(Optional.of(footage.all().size())).contains(2);
    }
}
