// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.burn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.export.cut.EdgeException;
import org.nxvms.export.cut.EdgePictures.Picture;
import org.nxvms.export.cut.Sample;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.Polygon.Point;
import org.nxvms.platform.api.worker.SourceEnd;

/** Pictures that are encoded anew one behind the other, by processes that may be lost. A key frame each 25. */
class BurnerTest {
    private static final int PICTURE = 3_600;
    private static final TrackFormat H264 =
            new TrackFormat(Codec.H264, 90_000, "avc1.42C01E", 640, 360, 0, 25, new byte[0]);
    private static final Polygon MASK = new Polygon(List.of(new Point(0, 0), new Point(1, 0), new Point(1, 1)));

    private final LiveEncoder encoder = new LiveEncoder();
    private Optional<EncoderPlaces> places = Optional.empty();

    private Burner burner(long from) {
        return new Burner(
                new Encoders(() -> Optional.of(encoder), () -> places),
                new Burner.Order("test", H264, 0, 2_000, List.of(MASK), from),
                0);
    }

    private static Sample picture(int decoded, int shown, boolean key) {
        return new Sample(
                0, (long) decoded * PICTURE, (long) shown * PICTURE, PICTURE, key, ByteBuffer.wrap(new byte[100]));
    }

    private static List<Long> times(List<Picture> pictures) {
        return pictures.stream().map(one -> one.time() / PICTURE).toList();
    }

    private List<Picture> burned(Burner burner, int count) throws Exception {
        List<Picture> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            burner.picture(picture(i, i, i % 25 == 0), Optional.of("at " + i), () -> {});
            all.addAll(burner.poll());
        }
        burner.finish(() -> {});
        all.addAll(burner.poll());
        return all;
    }

    private static List<Long> numbers(int from, int to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void eachPictureComesAtItsTimeFromAProcessThatWasToldTheMasksAndTheText() throws Exception {
        assertThat(times(burned(burner(Long.MIN_VALUE), 120))).isEqualTo(numbers(0, 120));
        assertThat(encoder.sessions).singleElement().satisfies(session -> {
            assertThat(session.request.masks()).containsExactly(MASK);
            assertThat(session.captions).hasSize(120).containsEntry(7L * PICTURE, "at 7");
            assertThat(session.closed).isTrue();
        });
    }

    @Test
    void theNextProcessGoesOnWhereOneWasLostAndEveryPictureComesOnce() throws Exception {
        encoder.lostAfter.addAll(List.of(70, 40));
        List<Picture> all = burned(burner(Long.MIN_VALUE), 120);
        assertThat(times(all)).isEqualTo(numbers(0, 120));
        assertThat(encoder.sessions).hasSize(3).allSatisfy(session -> {
            assertThat(session.request.masks()).containsExactly(MASK);
            assertThat(session.captions.keySet()).containsAll(session.given);
        });
        // From the key frame before the last that all is there of: what it cannot do without, and no more.
        assertThat(encoder.sessions.get(1).given.get(0)).isEqualTo(25L * PICTURE);
        assertThat(all.get(67).key()).as("the first of the second process").isTrue();
    }

    /** Shown around the key frame 6: those that are decoded behind it, and depend on what is before it. */
    @Test
    void whatIsShownBeforeAKeyFrameAndDecodedBehindItIsNotLostWithTheProcess() throws Exception {
        int[] shown = {0, 1, 2, 3, 6, 4, 5, 7, 8, 9, 12, 10, 11, 13, 14, 15, 16, 17};
        encoder.lostAfter.add(6);
        List<Picture> all = new ArrayList<>();
        Burner burner = burner(Long.MIN_VALUE);
        for (int i = 0; i < shown.length; i++) {
            burner.picture(picture(i, shown[i], shown[i] % 6 == 0), Optional.empty(), () -> {});
            all.addAll(burner.poll());
        }
        burner.finish(() -> {});
        all.addAll(burner.poll());
        assertThat(times(all)).isEqualTo(numbers(0, 18));
        assertThat(encoder.sessions.get(1).given.get(0)).isZero();
    }

    @Test
    void aRangeBeginsWithThePictureThatIsAskedFor() throws Exception {
        assertThat(times(burned(burner(13L * PICTURE), 40))).isEqualTo(numbers(13, 40));
    }

    @Test
    void picturesThatEndEachProcessEndItWithAWayOut() {
        for (int i = 0; i < 10; i++) {
            encoder.lostAfter.add(30);
        }
        assertThatThrownBy(() -> burned(burner(Long.MIN_VALUE), 120))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("it crashed")
                .hasMessageContaining("without \"overlay\" and \"masks\"");
        assertThat(encoder.sessions).hasSizeBetween(3, 5).allSatisfy(session -> assertThat(session.closed)
                .isTrue());
    }

    @Test
    void whatNobodyDecodesIsTriedOnce() {
        encoder.lostAfter.add(5);
        encoder.loss = new SourceEnd(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, "no decoder knows it");
        assertThatThrownBy(() -> burned(burner(Long.MIN_VALUE), 40)).hasMessageContaining("no decoder knows it");
        assertThat(encoder.sessions).hasSize(1);
    }

    /** A place as it is given after so many looks. */
    private static final class Place implements EncoderPlaces.Place {
        final AtomicInteger looks = new AtomicInteger(3);
        boolean wanted;
        int closed;

        @Override
        public boolean isGiven() {
            return looks.getAndDecrement() <= 0;
        }

        @Override
        public boolean isWanted() {
            return wanted;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @Test
    void itWaitsForAPlaceAmongTheEncodingsAndGivesItBack() throws Exception {
        Place place = new Place();
        places = Optional.of(() -> place);
        Burner burner = burner(Long.MIN_VALUE);
        AtomicInteger asked = new AtomicInteger();
        burner.picture(picture(0, 0, true), Optional.empty(), () -> {
            assertThat(asked.incrementAndGet() < 3 && !encoder.sessions.isEmpty())
                    .as("a process without a place")
                    .isFalse();
        });
        assertThat(place.looks.get()).isNegative();
        assertThat(burner.isWanted()).isFalse();
        place.wanted = true;
        assertThat(burner.isWanted()).isTrue();
        burner.finish(() -> {});
        assertThat(times(burner.poll())).containsExactly(0L);
        assertThat(place.closed).isEqualTo(1);
        assertThat(burner.isWanted()).isFalse();
        burner.close();
        assertThat(place.closed).isEqualTo(1);
    }

    @Test
    void whoIsNotWantedAnyMoreDoesNotWaitForAPlace() {
        Place never = new Place();
        never.looks.set(Integer.MAX_VALUE);
        places = Optional.of(() -> never);
        try (Burner burner = burner(Long.MIN_VALUE)) {
            assertThatThrownBy(() -> burner.picture(picture(0, 0, true), Optional.empty(), () -> {
                        throw new IllegalStateException("taken back");
                    }))
                    .hasMessage("taken back");
        }
        assertThat(encoder.sessions).isEmpty();
        assertThat(never.closed).isEqualTo(1);
    }
}
