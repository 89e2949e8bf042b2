// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.media.StreamReader.ACCESS_UNIT;
import static org.nxvms.media.StreamReader.CLOSED;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.media.StreamReader.LAPPED;
import static org.nxvms.media.StreamReader.RUN_END;
import static org.nxvms.media.StreamReader.RUN_START;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

class RingHubTest {
    private final RingHub hub = Pictures.hub(64L << 20);
    private final Pictures pictures = new Pictures();

    private StreamWriter writer() {
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        return writer;
    }

    private StreamReader reader(ReaderStart start) {
        return hub.openReader(STREAM, "test", start);
    }

    @Test
    void whatIsCommittedIsReadInOrderWithItsRun() {
        StreamReader reader = reader(ReaderStart.NEXT);
        assertThat(reader.poll()).isEqualTo(EMPTY);
        StreamWriter writer = writer();
        pictures.commit(writer, 0, 1000, true);
        pictures.commit(writer, 1, 500, false);
        writer.endRun(80_000, GapCause.CAMERA_UNREACHABLE, "refused");

        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.format()).isEqualTo(FORMAT);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(reader.key()).isTrue();
        assertThat(reader.length()).isEqualTo(1000);
        assertThat(Pictures.matches(reader.data(), 0)).isTrue();
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(reader.timestamp()).isEqualTo(3600);
        assertThat(reader.wallUs()).isEqualTo(40_000);
        assertThat(Pictures.matches(reader.data(), 1)).isTrue();
        assertThat(reader.poll()).isEqualTo(RUN_END);
        assertThat(reader.sequence()).as("the unit that would follow").isEqualTo(2);
        assertThat(reader.gapCause()).isEqualTo(GapCause.CAMERA_UNREACHABLE);
        assertThat(reader.gapDetail()).isEqualTo("refused");
        assertThat(reader.poll()).isEqualTo(EMPTY);
    }

    @Test
    void aNewViewerBeginsAtTheNewestKeyFrame() {
        StreamWriter writer = writer();
        for (int n = 0; n < 25; n++) {
            pictures.commit(writer, n, 100, n % 10 == 0);
        }
        StreamReader reader = reader(ReaderStart.NEWEST_KEY);
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(reader.timestamp()).isEqualTo(20 * 3600);
    }

    @Test
    void aWriterKnowsWhetherSomebodyWatches() {
        StreamWriter writer = writer();
        assertThat(writer.watched()).isFalse();
        StreamReader recorder = reader(ReaderStart.OLDEST_KEY);
        recorder.keepUnread(0);
        assertThat(writer.watched()).as("a recorder can wait").isFalse();
        try (StreamReader viewer = hub.openReader(STREAM, "viewer", ReaderStart.NEWEST_KEY)) {
            assertThat(viewer.behind()).isZero();
            assertThat(writer.watched()).as("a viewer cannot").isTrue();
            recorder.close();
            assertThat(writer.watched()).isTrue();
        }
        assertThat(writer.watched()).isFalse();
    }

    @Test
    void aViewerOfASilentStreamHearsWhyNothingComes() {
        StreamWriter writer = writer();
        pictures.commit(writer, 0, 100, true);
        writer.endRun(40_000, GapCause.AUTH, "wrong password");
        StreamReader reader = reader(ReaderStart.NEWEST_KEY);
        assertThat(reader.poll()).isEqualTo(RUN_END);
        assertThat(reader.gapCause()).isEqualTo(GapCause.AUTH);
    }

    @Test
    void aSlowReaderIsToldThatItWasOvertakenAndGoesOnAtAKeyFrame() {
        StreamWriter writer = writer();
        StreamReader reader = reader(ReaderStart.NEXT);
        for (int n = 0; n < 500; n++) {
            pictures.commit(writer, n, 5000, n % 10 == 0);
        }
        assertThat(reader.poll()).isEqualTo(LAPPED);
        assertThat(reader.skipped()).isPositive();
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(reader.key()).isTrue();
        long number = reader.timestamp() / 3600;
        while (reader.poll() == ACCESS_UNIT) {
            number++;
            assertThat(reader.timestamp()).isEqualTo(number * 3600);
            assertThat(Pictures.matches(reader.data(), number)).isTrue();
        }
        assertThat(number).isEqualTo(499);
    }

    @Test
    void bytesThatWereOvertakenWhileInUseAreNotIntact() {
        StreamWriter writer = writer();
        StreamReader reader = reader(ReaderStart.NEXT);
        pictures.commit(writer, 0, 50_000, true);
        reader.poll();
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        ByteBuffer view = reader.view(reader.address(), reader.length(), null);
        assertThat(reader.intact()).isTrue();
        assertThat(Pictures.matches(view, 0)).isTrue();
        for (int n = 1; n < 10; n++) {
            pictures.commit(writer, n, 50_000, false);
        }
        assertThat(reader.intact()).isFalse();
    }

    @Test
    void aReplacedReaderResumesWhereItsPredecessorStopped() {
        StreamWriter writer = writer();
        StreamReader first = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        pictures.commit(writer, 0, 100, true);
        pictures.commit(writer, 1, 100, false);
        first.poll();
        first.poll();
        first.close();
        pictures.commit(writer, 2, 100, false);

        StreamReader second = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        assertThat(second.poll()).isEqualTo(RUN_START);
        assertThat(second.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(second.timestamp()).isEqualTo(3600);
        assertThat(second.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(second.poll()).isEqualTo(EMPTY);
    }

    @Test
    void aReadersMarkOutlivesItAndItsRing() {
        StreamWriter writer = writer();
        assertThat(hub.mark(STREAM, "recorder")).isEmpty();
        StreamReader reader = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        assertThat(hub.mark(STREAM, "recorder")).isEmpty();
        pictures.commit(writer, 0, 100, true);
        pictures.commit(writer, 1, 100, false);
        reader.mark(1);
        assertThat(hub.mark(STREAM, "recorder")).hasValue(1);

        reader.close();
        StreamWriter larger = hub.openWriter(STREAM, new StreamBudget(4 << 20, 4096, 1 << 18));
        larger.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        pictures.commit(larger, 2, 100, true);
        assertThat(hub.mark(STREAM, "recorder")).hasValue(1);
        assertThat(hub.mark(STREAM, "another")).isEmpty();

        StreamReader successor = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        successor.poll();
        successor.poll();
        assertThat(successor.sequence()).as("numbers go on in the larger ring").isEqualTo(2);
        successor.mark(3);
        assertThat(hub.mark(STREAM, "recorder")).hasValue(3);
        hub.remove(STREAM);
        assertThat(hub.mark(STREAM, "recorder")).isEmpty();
    }

    @Test
    void aHigherLeaseTakesTheStreamAndTheOldWriterIsTold() {
        StreamWriter old = writer();
        pictures.commit(old, 0, 100, true);
        old.begin();
        old.append(ByteBuffer.wrap(new byte[10]));

        StreamWriter next = hub.openWriter(STREAM, SMALL);
        assertThat(next.epoch()).isGreaterThan(old.epoch());
        assertThat(old.append(ByteBuffer.wrap(new byte[10]))).isFalse();
        assertThat(old.commit(0, 0, 1, 1)).isEqualTo(StreamWriter.LEASE_LOST);
        assertThat(old.begin()).isFalse();
        assertThat(old.startRun(FORMAT, 0, ClockSource.ARRIVAL)).isZero();

        next.startRun(FORMAT, 40_000, ClockSource.ARRIVAL);
        assertThat(pictures.commit(next, 1, 100, true)).isEqualTo(StreamWriter.COMMITTED);
        StreamReader reader = reader(ReaderStart.OLDEST_KEY);
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(Pictures.matches(reader.data(), 1)).isTrue();
    }

    @Test
    void anAccessUnitAboveTheBudgetIsRefusedAndCounted() {
        StreamWriter writer = writer();
        assertThat(pictures.commit(writer, 0, (64 << 10) + 1, true)).isEqualTo(StreamWriter.TOO_LARGE);
        assertThat(pictures.commit(writer, 1, 100, true)).isEqualTo(StreamWriter.COMMITTED);
        assertThat(hub.statistics(STREAM).orElseThrow().refused()).isEqualTo(1);
    }

    @Test
    void nothingIsCommittedOutsideARunOrToAnUnknownTrack() {
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        assertThat(pictures.commit(writer, 0, 100, true)).isEqualTo(StreamWriter.NO_RUN);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        writer.begin();
        assertThat(writer.commit(1, 0, 0, 0)).isEqualTo(StreamWriter.NO_RUN);
    }

    @Test
    void aLargerBudgetReplacesTheRingAndReadersFollow() {
        StreamWriter writer = writer();
        StreamReader reader = reader(ReaderStart.NEXT);
        pictures.commit(writer, 0, 100, true);
        StreamWriter larger = hub.openWriter(STREAM, new StreamBudget(2 << 20, 256, 256 << 10));
        larger.startRun(FORMAT, 40_000, ClockSource.ARRIVAL);
        pictures.commit(larger, 1, 100_000, true);

        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        long address = reader.address();
        long sequence = reader.sequence();
        assertThat(reader.poll()).isEqualTo(RUN_START);
        assertThat(reader.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(Pictures.matches(reader.data(), 1)).isTrue();
        assertThat(Pictures.matches(reader.view(address, 100, null), 0))
                .as("what was gathered before is still there")
                .isTrue();
        assertThat(reader.intact(sequence)).isTrue();
    }

    @Test
    void memoryIsBoundedAndTheMessageSaysWhatToDo() {
        RingHub small = Pictures.hub(1 << 20);
        assertThatThrownBy(() -> small.openWriter(STREAM, new StreamBudget(2 << 20, 64, 1 << 16)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("memoryMaxMiB");
    }

    @Test
    void aRemovedStreamClosesItsReadersAndWriter() {
        StreamWriter writer = writer();
        StreamReader reader = reader(ReaderStart.NEXT);
        hub.remove(STREAM);
        assertThat(reader.poll()).isEqualTo(CLOSED);
        assertThat(writer.begin()).isFalse();
        assertThat(hub.statistics(STREAM)).isEmpty();
    }

    @Test
    void memoryThatNobodyWritesOrReadsIsFreedAndTheNumberingStays() {
        StreamWriter writer = writer();
        StreamReader reader = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        pictures.commit(writer, 0, 100, true);
        writer.close();
        assertThat(hub.statistics(STREAM).orElseThrow().ringBytes())
                .as("while it is read")
                .isPositive();
        reader.close();
        assertThat(hub.statistics(STREAM).orElseThrow().ringBytes()).isZero();

        StreamWriter next = writer();
        assertThat(next.epoch()).isGreaterThan(writer.epoch());
        pictures.commit(next, 1, 100, true);
        StreamReader again = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        assertThat(again.poll()).isEqualTo(LAPPED);
        assertThat(again.skipped()).isEqualTo(1);
        assertThat(again.poll()).isEqualTo(RUN_START);
        assertThat(again.poll()).isEqualTo(ACCESS_UNIT);
        assertThat(again.sequence()).isEqualTo(1);
    }

    @Test
    void statisticsNameReadersAndWhatTheyMissed() {
        StreamWriter writer = writer();
        StreamReader reader = hub.openReader(STREAM, "viewer 1", ReaderStart.NEXT);
        pictures.commit(writer, 0, 100, true);
        var seen = hub.statistics(STREAM).orElseThrow();
        assertThat(seen.accessUnits()).isEqualTo(1);
        assertThat(seen.keyFrames()).isEqualTo(1);
        assertThat(seen.pictures()).isEqualTo(1);
        assertThat(seen.payloadBytes()).isEqualTo(100);
        assertThat(seen.live()).isTrue();
        assertThat(seen.readers()).extracting("name").containsExactly("viewer 1");
        reader.close();
        assertThat(hub.statistics(STREAM).orElseThrow().readers()).isEmpty();
    }
}
