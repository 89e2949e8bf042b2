// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.media.StreamReader.ACCESS_UNIT;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.media.StreamReader.LAPPED;
import static org.nxvms.media.StreamReader.RUN_START;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** Memory follows what a stream sends and what a recorder cannot write, within limits, without harming the writer. */
class RingGrowthTest {
    private static final int KIB = 1 << 10;

    private final Pictures pictures = new Pictures();
    private final Deque<Runnable> hubThread = new ArrayDeque<>();

    private RingHub hub(int totalKiB, int streamKiB) {
        return new RingHub(
                new HubLimits((long) totalKiB * KIB, (long) streamKiB * KIB, 14), Pictures.thread(hubThread::add));
    }

    private void hubThreadWorks() {
        for (Runnable task = hubThread.poll(); task != null; task = hubThread.poll()) {
            task.run();
        }
    }

    private static StreamWriter writer(RingHub hub) {
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        return writer;
    }

    private static long memory(RingHub hub) {
        return hub.statistics(STREAM).orElseThrow().ringBytes();
    }

    @Test
    void aKeyFrameThatIsTooLargeForTheRingFindsRoomTheNextTime() {
        RingHub hub = hub(8192, 4096);
        StreamWriter writer = writer(hub);
        StreamReader reader = hub.openReader(STREAM, "viewer", ReaderStart.NEXT);
        assertThat(pictures.commit(writer, 0, 100 * KIB, true)).isEqualTo(StreamWriter.TOO_LARGE);

        hubThreadWorks();

        assertThat(pictures.commit(writer, 1, 100 * KIB, true)).isEqualTo(StreamWriter.COMMITTED);
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(Pictures.matches(reader.data(), 1)).isTrue();
    }

    @Test
    void aReaderThatCameBeforeTheStreamAndLooksOnlyAfterTheRingGrewMissesNothing() {
        RingHub hub = hub(8192, 4096);
        StreamReader early = hub.openReader(STREAM, "early", ReaderStart.NEXT);
        StreamWriter writer = writer(hub);
        pictures.commit(writer, 0, 60 * KIB, true);
        pictures.commit(writer, 1, 60 * KIB, false);
        pictures.commit(writer, 2, 60 * KIB, true);
        hubThreadWorks();
        pictures.commit(writer, 3, 60 * KIB, false);
        hubThreadWorks();

        assertThat(early.poll()).isEqualTo(RUN_START);
        for (int number = 0; number < 4; number++) {
            assertThat(early.poll()).isEqualTo(ACCESS_UNIT);
            assertThat(Pictures.matches(early.data(), number)).isTrue();
        }
    }

    @Test
    void aReaderThatLooksOnlyAfterMemoryRanShortIsToldSo() {
        RingHub hub = hub(700, 4096);
        StreamReader early = hub.openReader(STREAM, "early", ReaderStart.NEXT);
        StreamWriter writer = writer(hub);
        for (int number = 0; number < 4; number++) {
            pictures.commit(writer, number, 60 * KIB, number % 2 == 0);
            hubThreadWorks();
        }
        hub.openWriter(StreamId.main(new java.util.UUID(9, 9)), SMALL);

        assertThat(early.poll()).isEqualTo(LAPPED);
        assertThat(early.skipped()).isPositive();
    }

    @Test
    void anEndlessAccessUnitTakesNoMoreThanOneStreamMayHaveAndTheOthersKeepTheirs() {
        RingHub hub = hub(8192, 2048);
        StreamWriter hostile = writer(hub);
        for (int i = 0; i < 20; i++) {
            hostile.begin();
            while (hostile.append(java.nio.ByteBuffer.allocate(16 * KIB))) {
                // As a camera that never ends its picture.
            }
            hostile.abort();
            hubThreadWorks();
        }
        assertThat(memory(hub)).isBetween(1024L * KIB, 2048L * KIB);
        StreamWriter other = hub.openWriter(StreamId.main(new java.util.UUID(9, 9)), SMALL);
        other.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        assertThat(pictures.commit(other, 0, 60 * KIB, true)).isEqualTo(StreamWriter.COMMITTED);
    }

    @Test
    void theWriterNeverMakesMemoryItself() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        for (int n = 0; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
        }
        assertThat(hubThread).as("asked once").hasSize(1);
        assertThat(memory(hub)).as("goes on in what it has").isEqualTo(256L * KIB);

        hubThreadWorks();
        pictures.commit(writer, 400, 10_000, true);

        assertThat(memory(hub)).as("five seconds at 250 kB a second").isGreaterThan(1_200_000L);
    }

    @Test
    void aRingThatGrowsBreaksNoRunAndReadersSeeEveryPicture() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        StreamReader reader = hub.openReader(STREAM, "viewer", ReaderStart.NEXT);
        int seen = 0;
        int runs = 0;
        for (int n = 0; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
            for (int result = reader.poll(); result != EMPTY; result = reader.poll()) {
                assertThat(result).isIn(RUN_START, ACCESS_UNIT);
                runs += result == RUN_START ? 1 : 0;
                if (result == ACCESS_UNIT) {
                    assertThat(reader.sequence()).isEqualTo(seen);
                    assertThat(Pictures.matches(reader.data(), seen)).isTrue();
                    assertThat(reader.intact()).isTrue();
                    seen++;
                }
            }
        }
        hubThreadWorks();
        assertThat(seen).isEqualTo(400);
        assertThat(runs).isEqualTo(1);
        assertThat(memory(hub)).as("the small ring went back").isLessThan(2_000_000L);
    }

    @Test
    void aStalledRecorderLosesNothingForTheSecondsPromisedAndThenItsOldest() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.NEXT);
        recorder.keepUnread(0);
        int n = 0;
        for (; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
            drain(recorder);
        }
        long steady = memory(hub);
        for (; n < 400 + 14 * 25; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        assertThat(memory(hub)).as("more while it lasts").isGreaterThan(steady);
        long sequence = 400;
        for (int result = recorder.poll(); result != EMPTY; result = recorder.poll()) {
            assertThat(result).isEqualTo(ACCESS_UNIT);
            assertThat(recorder.sequence()).isEqualTo(sequence);
            assertThat(Pictures.matches(recorder.view(recorder.address(), recorder.length(), null), sequence))
                    .isTrue();
            assertThat(recorder.intact(sequence)).isTrue();
            sequence++;
        }
        assertThat(sequence).isEqualTo(n);

        for (int end = n + 60 * 25; n < end; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        assertThat(memory(hub)).as("a minute of it is bounded").isLessThan(6_000_000L);
        boolean lapped = false;
        for (int result = recorder.poll(); result != EMPTY; result = recorder.poll()) {
            lapped |= result == LAPPED;
        }
        assertThat(lapped).isTrue();
        assertThat(recorder.sequence()).isEqualTo(n - 1);
    }

    /** What it stands on is kept in a ring of its own; it hears of the loss behind that before it comes there. */
    @Test
    void aRecorderThatLagsKnowsThatWhatFollowsIsOverwrittenWhileWhatItHoldsIsNot() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.NEXT);
        recorder.keepUnread(0);
        int n = 0;
        for (; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
            drain(recorder);
        }
        long held = recorder.sequence();
        for (; n < 400 + 14 * 25; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        assertThat(recorder.overtaken()).isFalse();
        for (int end = n + 60 * 25; n < end; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        assertThat(recorder.intact(held)).isTrue();
        assertThat(recorder.overtaken()).isTrue();

        int result = recorder.poll();
        while (result == ACCESS_UNIT) {
            held++;
            assertThat(recorder.sequence()).isEqualTo(held);
            result = recorder.poll();
        }
        assertThat(result).isEqualTo(LAPPED);
        assertThat(recorder.overtaken()).isFalse();
    }

    /** It may hang for good; another then begins with the key frame before what was in its hands. */
    @Test
    void whatARecorderHoldsThatHangsIsThereForItsSuccessorFromItsKeyFrameOn() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.NEXT);
        recorder.keepUnread(0);
        int n = 0;
        long written = 0;
        for (; n < 1_049; n++) {
            pictures.commit(writer, n, 10_000, n % 50 == 0);
            hubThreadWorks();
            drain(recorder);
            if (n % 50 == 0 || n % 50 == 16 || n % 50 == 33) {
                recorder.mark(n);
                written = n;
            }
        }
        assertThat(memory(hub)).as("nothing more while it gets on").isLessThan(2_000_000L);
        for (int end = n + 14 * 25; n < end; n++) {
            pictures.commit(writer, n, 10_000, n % 50 == 0);
            hubThreadWorks();
        }
        recorder.close();

        StreamReader successor = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        successor.keepUnread(0);
        long first = -1;
        long next = -1;
        for (int result = successor.poll(); result != EMPTY; result = successor.poll()) {
            assertThat(result).isIn(RUN_START, ACCESS_UNIT);
            if (result == ACCESS_UNIT) {
                first = first < 0 ? successor.sequence() : first;
                assertThat(successor.sequence()).isEqualTo(next < 0 ? first : next);
                assertThat(Pictures.matches(successor.data(), successor.sequence()))
                        .isTrue();
                next = successor.sequence() + 1;
            }
        }
        assertThat(first).as("a key frame at or before %d", written).isLessThanOrEqualTo(written / 50 * 50);
        assertThat(next).isEqualTo(n);
        successor.mark(next);
        for (int end = n + 20 * 25; n < end; n++) {
            pictures.commit(writer, n, 10_000, n % 50 == 0);
            hubThreadWorks();
            drain(successor);
            successor.mark(n);
        }
        assertThat(memory(hub)).as("given back").isLessThan(2_000_000L);
    }

    @Test
    void aRecorderThatStallsFromTheVeryBeginningLosesNothingEither() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = hub.openWriter(STREAM, new org.nxvms.media.StreamBudget(1280 * KIB, 1024, 64 * KIB));
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(0);
        recorder.poll();
        int pictureCount = 14 * 25;
        for (int n = 0; n < pictureCount; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        long sequence = 0;
        for (int result = recorder.poll(); result != EMPTY; result = recorder.poll()) {
            if (result == ACCESS_UNIT) {
                assertThat(recorder.sequence()).isEqualTo(sequence++);
            } else {
                assertThat(result).isEqualTo(RUN_START);
            }
        }
        assertThat(sequence).isEqualTo(pictureCount);
    }

    @Test
    void whatAClosedRecorderHasNotReadWaitsForItsSuccessor() {
        RingHub hub = hub(65536, 16384);
        StreamWriter writer = writer(hub);
        StreamReader first = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        first.keepUnread(0);
        for (int n = 0; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
            drain(first);
        }
        first.close();
        for (int n = 400; n < 400 + 8 * 25; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        StreamReader second = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        second.keepUnread(0);
        assertThat(second.poll()).isEqualTo(RUN_START);
        assertThat(second.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(second.sequence()).isEqualTo(400);
    }

    @Test
    void aViewerThatStopsReadingHoldsNoMemoryThatSomebodyNeeds() {
        RingHub hub = hub(2048, 2048);
        StreamWriter writer = writer(hub);
        StreamReader stuck = hub.openReader(STREAM, "viewer", ReaderStart.NEXT);
        for (int n = 0; n < 400; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        long held = memory(hub);
        StreamWriter other = hub.openWriter(
                StreamId.main(new java.util.UUID(9, 9)), new org.nxvms.media.StreamBudget(640 * KIB, 64, 64 * KIB));
        assertThat(other.holdsLease()).isTrue();
        assertThat(memory(hub)).isLessThan(held);
        assertThat(stuck.poll()).isEqualTo(LAPPED);
        drain(stuck);
        assertThat(stuck.sequence()).isEqualTo(399);
    }

    @Test
    void aRequestThatIsMadeTwiceIsAnsweredOnce() {
        RingHub hub = hub(1024, 1024);
        StreamWriter writer = writer(hub);
        pictures.commit(writer, 0, 100 * KIB, true);
        assertThat(hubThread).hasSize(1);
        // A new lease on a ring of its own; what was asked for before is not answered yet.
        StreamWriter next = hub.openWriter(STREAM, new org.nxvms.media.StreamBudget(260 * KIB, 64, 65 * KIB));
        next.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        pictures.commit(next, 1, 100 * KIB, true);
        hubThreadWorks();
        next.close();
        writer.close();
        hub.remove(STREAM);

        StreamWriter other = hub.openWriter(
                StreamId.main(new java.util.UUID(9, 9)), new org.nxvms.media.StreamBudget(1000 * KIB, 64, 64 * KIB));
        assertThat(other.holdsLease()).as("all memory was given back").isTrue();
    }

    @Test
    void whatWasGatheredFromTwoRingsIsNotIntactOnceTheSecondWentRound() {
        RingHub hub = hub(65536, 640);
        StreamWriter writer = writer(hub);
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.NEXT);
        recorder.keepUnread(0);
        int n = 0;
        long firstRing = -1;
        long lastOfFirst = -1;
        while (firstRing < 0 || ring(recorder) == firstRing) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            n++;
            hubThreadWorks();
            lastOfFirst = recorder.sequence();
            firstRing = n == 2 ? ring(recorder) : firstRing;
            drain(recorder);
        }
        long firstOfSecond = recorder.sequence();
        long address = recorder.address();
        assertThat(recorder.intact(lastOfFirst)).isTrue();

        for (int end = n + 100; n < end; n++) {
            pictures.commit(writer, n, 10_000, n % 10 == 0);
            hubThreadWorks();
        }
        assertThat(Pictures.matches(recorder.view(address, 10_000, null), firstOfSecond))
                .as("it was written over")
                .isFalse();
        assertThat(recorder.intact(lastOfFirst))
                .as("this one and all later ones")
                .isFalse();
    }

    private static long ring(StreamReader reader) {
        return reader.address() >>> 32;
    }

    private static void drain(StreamReader reader) {
        while (reader.poll() != EMPTY) {
            // Reads on.
        }
    }
}
