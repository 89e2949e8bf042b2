// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;
import org.nxvms.test.kit.Awaiting;

/** Many want pictures; one is made at a time, once. */
class ThumbnailsTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final UUID VERA = new UUID(7, 7);

    private final FakeArchive archive = new FakeArchive();
    private final AtomicLong nowNs = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();
    private final Thumbnails thumbnails = new Thumbnails(1 << 20, 100, 60_000, nowNs::get);
    private final ExecutorService users = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        users.shutdownNow();
    }

    /** Says what it was made of. */
    private final Thumbnails.Maker maker = (track, picture, width, timeoutMs) -> {
        made.incrementAndGet();
        return (StandardCharsets.US_ASCII.decode(picture) + " of " + track.codec() + " at " + width)
                .getBytes(StandardCharsets.US_ASCII);
    };

    private KeyFrame at(long ms) throws Exception {
        return thumbnails
                .frame(archive, FakeArchive.MAIN, START_US + ms * 1_000)
                .orElseThrow();
    }

    private String picture(long ms) throws Exception {
        return new String(thumbnails.make(archive, maker, at(ms), 320, VERA).jpeg(), StandardCharsets.US_ASCII);
    }

    @Test
    void theNearestKeyFrameOfTheFootageThereIsTaken() throws Exception {
        Recorded.seconds(archive, START_US, 7, false);
        Recorded.seconds(archive, START_US + 20_000_000, 3, true);
        assertThat(picture(0)).isEqualTo("key 0 of MJPEG at 320");
        assertThat(picture(2_400)).isEqualTo("key 2 of MJPEG at 320");
        assertThat(picture(6_900)).isEqualTo("key 6 of MJPEG at 320");
        assertThat(at(6_900).settled()).isTrue();
        assertThat(at(22_000).settled()).isFalse();
        assertThat(picture(-900)).as("just before it begins").isEqualTo("key 0 of MJPEG at 320");
        assertThat(thumbnails.frame(archive, FakeArchive.MAIN, START_US + 12_000_000))
                .as("nothing is near")
                .isEmpty();
    }

    /** Whoever steps through pictures asks for each of them more than once. */
    @Test
    void thePictureOfAnInstantIsMadeOnceAndNotTakenForTheKeyFrameOfItsFragment() throws Exception {
        Recorded.seconds(archive, START_US, 7, false);
        Thumbnails.ExactMaker exact = (track, group, wanted, width, timeoutMs) -> {
            made.incrementAndGet();
            return (group.size() + " up to " + wanted).getBytes(StandardCharsets.US_ASCII);
        };
        List<String> seen = new ArrayList<>();
        for (long ms : new long[] {4_000, 4_100, 5_700, 5_999}) {
            ExactFrame frame = thumbnails
                    .exactFrame(archive, FakeArchive.MAIN, START_US + ms * 1_000, VERA)
                    .orElseThrow();
            seen.add(new String(thumbnails.exact(archive, exact, frame, 320, VERA), StandardCharsets.US_ASCII));
        }
        assertThat(seen).containsExactly("1 up to 360000", "1 up to 360000", "4 up to 495000", "4 up to 495000");
        assertThat(made).hasValue(2);
        assertThat(picture(4_000)).isEqualTo("key 4 of MJPEG at 320");
    }

    @Test
    void whatWasMadeIsKeptWithinItsBoundAndGoneWithTheFootage() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 40, false);
        KeyFrame first = at(0);
        for (int i = 0; i < 3; i++) {
            picture(0);
            picture(900);
        }
        assertThat(made).hasValue(1);
        thumbnails.make(archive, maker, first, 640, VERA);
        assertThat(made).as("another width is another picture").hasValue(2);

        thumbnails.limit(1, 100);
        picture(0);
        picture(0);
        assertThat(made).as("with no room each is made anew").hasValue(4);

        archive.remove(segment.id());
        assertThat(thumbnails.frame(archive, FakeArchive.MAIN, START_US)).isEmpty();
        assertThatThrownBy(() -> thumbnails.make(archive, maker, first, 320, VERA))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(archive.filesOpen).hasValue(0);
    }

    @Test
    void whoAsksForOneThatIsBeingMadeWaitsForIt() throws Exception {
        Recorded.seconds(archive, START_US, 4, false);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thumbnails.Maker slow = (track, picture, width, timeoutMs) -> {
            begun.countDown();
            awaitUninterrupted(go);
            return maker.jpeg(track, picture, width, timeoutMs);
        };
        List<Future<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < Thumbnails.WAITING_OF_USER_MAX; i++) {
            asked.add(users.submit(
                    () -> thumbnails.make(archive, slow, at(0), 320, VERA).jpeg()));
        }
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        awaitWaiting(Thumbnails.WAITING_OF_USER_MAX);
        assertThatThrownBy(() -> thumbnails.make(archive, slow, at(0), 320, VERA))
                .as("one more than a user may")
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
        Future<byte[]> another = users.submit(
                () -> thumbnails.make(archive, slow, at(0), 320, new UUID(8, 8)).jpeg());
        awaitWaiting(Thumbnails.WAITING_OF_USER_MAX + 1);
        go.countDown();
        for (Future<byte[]> one : asked) {
            assertThat(one.get(60, TimeUnit.SECONDS)).asString().isEqualTo("key 0 of MJPEG at 320");
        }
        assertThat(another.get(60, TimeUnit.SECONDS)).asString().isEqualTo("key 0 of MJPEG at 320");
        assertThat(made).hasValue(1);
        assertThat(thumbnails.waiting()).isZero();
    }

    /** Looking for a picture reads the disk, before anybody knows whether it was made already. */
    @Test
    void exactPicturesAreLookedForByFewAtOnceAndNoMoreThanMayWait() throws Exception {
        Recorded.seconds(archive, START_US, 4, false);
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        archive.onIndex = () -> {
            most.accumulateAndGet(reading.incrementAndGet(), Math::max);
            try {
                go.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            reading.decrementAndGet();
        };
        List<Future<Optional<ExactFrame>>> asked = new ArrayList<>();
        for (int i = 0; i < Thumbnails.WAITING_OF_USER_MAX; i++) {
            asked.add(users.submit(() -> thumbnails.exactFrame(archive, FakeArchive.MAIN, START_US, VERA)));
        }
        awaitWaiting(Thumbnails.WAITING_OF_USER_MAX);
        Awaiting.until("as many read as may", () -> reading.get() == Thumbnails.SEARCHES_MAX);
        assertThatThrownBy(() -> thumbnails.exactFrame(archive, FakeArchive.MAIN, START_US, VERA))
                .as("one more than a user may")
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));

        go.countDown();

        for (Future<Optional<ExactFrame>> one : asked) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(most).hasValue(Thumbnails.SEARCHES_MAX);
        assertThat(thumbnails.waiting()).isZero();
    }

    private void awaitWaiting(int count) {
        Awaiting.until(count + " wait", () -> thumbnails.waiting() >= count);
        assertThat(thumbnails.waiting()).isEqualTo(count);
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws DriverException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new DriverException(Kind.CLOSED, "the test is over", e);
        }
    }

    @Test
    void onePictureIsMadeAtATime() throws Exception {
        Recorded.seconds(archive, START_US, 12, false);
        AtomicInteger together = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Thumbnails.Maker watched = (track, picture, width, timeoutMs) -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            Thread.yield();
            together.decrementAndGet();
            return maker.jpeg(track, picture, width, timeoutMs);
        };
        List<Future<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long ms = i * 2_000L;
            asked.add(users.submit(
                    () -> thumbnails.make(archive, watched, at(ms), 320, VERA).jpeg()));
        }
        for (Future<byte[]> one : asked) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertThat(made).hasValue(6);
        assertThat(most).hasValue(1);
    }

    @Test
    void whatCannotBeMadeIsNotTriedAgainForAMinuteAndWhatWasBusyIs() throws Exception {
        Recorded.seconds(archive, START_US, 4, false);
        AtomicInteger tried = new AtomicInteger();
        Thumbnails.Maker hostile = (track, picture, width, timeoutMs) -> {
            tried.incrementAndGet();
            throw new DriverException(Kind.UNSUPPORTED, "the picture cannot be decoded");
        };
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> thumbnails.make(archive, hostile, at(0), 320, VERA))
                    .hasMessageContaining("cannot be decoded");
        }
        assertThat(tried).hasValue(1);
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(61));
        assertThatThrownBy(() -> thumbnails.make(archive, hostile, at(0), 320, VERA))
                .hasMessageContaining("cannot be decoded");
        assertThat(tried).hasValue(2);

        Thumbnails.Maker busy = (track, picture, width, timeoutMs) -> {
            throw new DriverException(Kind.BUSY, "the process was lost");
        };
        assertThatThrownBy(() -> thumbnails.make(archive, busy, at(2_000), 320, VERA))
                .hasMessageContaining("lost");
        assertThat(picture(2_000)).isEqualTo("key 2 of MJPEG at 320");
        assertThat(thumbnails.waiting()).isZero();
    }

    @Test
    void damagedFootageIsSaidAndHoldsNothingOpen() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 4, false);
        archive.altered.put(segment.id(), 0L);
        assertThatThrownBy(() -> picture(0)).isInstanceOf(FootageDamagedException.class);
        assertThat(archive.filesOpen).hasValue(0);
        assertThat(made).hasValue(0);
        archive.altered.clear();
        archive.grow(segment.id(), new byte[4_096]);
        assertThatThrownBy(() -> picture(0)).isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.UNSUPPORTED));
        assertThat(archive.filesOpen).hasValue(0);
    }

    @Test
    void betweenTwoPicturesThereIsAPauseAsLongAsTheWork() throws Exception {
        Turns turns = new Turns(50);
        Turns.Turn first = turns.take(TimeUnit.SECONDS.toNanos(60));
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(5)) {
            LockSupport.parkNanos(1_000_000);
        }
        long ended = System.nanoTime();
        first.close();
        turns.take(TimeUnit.SECONDS.toNanos(60)).close();
        assertThat(System.nanoTime() - ended).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
    }
}
