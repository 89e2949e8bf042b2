// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.media.StreamReader.ACCESS_UNIT;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.media.StreamReader.LAPPED;
import static org.nxvms.media.StreamReader.RUN_END;
import static org.nxvms.media.StreamReader.RUN_START;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** A camera's writer goes while its recorder is between two cursors: what it has not written waits for it, for a while. */
class AbsentRecorderTest {
    private static final long ABSENT_MS_MAX = 30_000;

    private final Pictures pictures = new Pictures();
    private final HandThread thread = new HandThread();
    private final RingHub hub = new RingHub(new HubLimits(64L << 20, Long.MAX_VALUE, 14), thread);
    private long next;

    private StreamReader recorder() {
        StreamReader recorder = hub.openReader(STREAM, "recorder", ReaderStart.OLDEST_KEY);
        recorder.keepUnread(0);
        return recorder;
    }

    /** As the recorder looks where to go on, before it opens its cursor. */
    private void scout() {
        try (StreamReader scout = hub.openReader(STREAM, "scout", ReaderStart.OLDEST_KEY)) {
            while (scout.poll() != EMPTY) {
                // Looks on.
            }
        }
    }

    private StreamWriter writer() {
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        return writer;
    }

    private void group(StreamWriter writer) {
        for (int i = 0; i < 5; i++) {
            pictures.commit(writer, next++, 1_000, i == 0);
        }
    }

    private long memory() {
        return hub.statistics(STREAM).orElseThrow().ringBytes();
    }

    /** {@return what is read: numbers of pictures, as negative numbers the other constants of the reader} */
    private static List<Long> read(StreamReader reader) {
        List<Long> all = new ArrayList<>();
        for (int entry = reader.poll(); entry != EMPTY; entry = reader.poll()) {
            if (entry == ACCESS_UNIT) {
                assertThat(Pictures.matches(reader.data(), reader.sequence())).isTrue();
            }
            all.add(entry == ACCESS_UNIT ? reader.sequence() : -entry);
        }
        return all;
    }

    private static List<Long> run(long from, long to) {
        List<Long> all = new ArrayList<>(List.of((long) -RUN_START));
        LongStream.range(from, to).forEach(all::add);
        all.add((long) -RUN_END);
        return all;
    }

    /** As after a write that failed, or when recorder and ingest are exchanged together. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNotWrittenIsThereForWhoComesBackThoughTheCameraHasGone(boolean cameraFirst) {
        StreamReader first = recorder();
        StreamWriter writer = writer();
        group(writer);
        first.poll();
        writer.endRun(0, GapCause.NOT_SCHEDULED, "the camera is switched off");
        if (cameraFirst) {
            writer.close();
            first.close();
        } else {
            first.close();
            writer.close();
        }
        thread.pass(ABSENT_MS_MAX - 1);
        scout();

        assertThat(read(recorder())).isEqualTo(run(0, 5));
    }

    @Test
    void memoryIsKeptForHalfAMinuteBeyondTheLastWhoUsedIt() {
        StreamReader recorder = recorder();
        StreamWriter writer = writer();
        group(writer);
        recorder.poll();
        recorder.close();
        thread.pass(10_000);
        writer.close();
        thread.pass(ABSENT_MS_MAX - 1);
        assertThat(memory()).isPositive();
        thread.pass(1);
        assertThat(memory()).isZero();

        group(writer());
        StreamReader late = hub.openReader(STREAM, "recorder", ReaderStart.RESUME);
        assertThat(late.poll()).as("it is told what it missed").isEqualTo(LAPPED);
        assertThat(read(late)).as("numbers go on").containsExactly((long) -RUN_START, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void itIsLookedOnceForEachStreamHoweverOftenARecorderComesAndGoes() {
        StreamWriter writer = writer();
        group(writer);
        StreamReader last = recorder();
        writer.close();
        for (int i = 0; i < 100; i++) {
            last.close();
            last = recorder();
            thread.pass(500);
            assertThat(thread.waiting()).isLessThanOrEqualTo(1);
        }
        last.close();
        assertThat(memory()).as("it was here just now").isPositive();
        thread.pass(ABSENT_MS_MAX);
        thread.pass(ABSENT_MS_MAX);
        assertThat(memory()).isZero();
        assertThat(thread.waiting()).isZero();
    }

    @Test
    void aCameraThatComesBackMeanwhileGoesOnInItsRing() {
        StreamReader first = recorder();
        StreamWriter writer = writer();
        group(writer);
        first.poll();
        first.close();
        writer.close();
        long held = memory();
        StreamWriter again = writer();
        assertThat(memory()).isEqualTo(held);
        group(again);
        again.endRun(0, GapCause.UNKNOWN, "");
        thread.pass(2 * ABSENT_MS_MAX);
        assertThat(memory()).as("it is written").isEqualTo(held);

        List<Long> both = new ArrayList<>(run(0, 5));
        both.addAll(run(5, 10));
        assertThat(read(recorder())).isEqualTo(both);
    }

    @Test
    void aViewerIsNotWaitedFor() {
        StreamReader viewer = hub.openReader(STREAM, "viewer", ReaderStart.NEWEST_KEY);
        StreamWriter writer = writer();
        group(writer);
        viewer.poll();
        viewer.close();
        writer.close();
        assertThat(memory()).isZero();
        assertThat(thread.waiting()).isZero();
    }

    /** A camera that is switched off, its recorder between two cursors, and one that found no memory because of it. */
    @Test
    void whatWasKeptIsAnothersWhenNobodyIsWaitedForAnyMore() {
        StreamBudget large = new StreamBudget(40 << 20, 64, 64 << 10);
        StreamWriter first = hub.openWriter(STREAM, large);
        first.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        group(first);
        recorder().close();
        first.close();
        StreamId other = StreamId.main(new UUID(8, 2));
        thread.pass(ABSENT_MS_MAX - 1);
        assertThatThrownBy(() -> hub.openWriter(other, large)).hasMessageContaining("memoryMaxMiB");
        thread.pass(1);
        StreamWriter second = hub.openWriter(other, large);
        second.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        assertThat(hub.statistics(other).orElseThrow().ringBytes()).isEqualTo(40 << 20);
        assertThat(memory()).isZero();
    }

    @Test
    void aStreamThatIsRemovedMeanwhileStaysSo() {
        StreamWriter writer = writer();
        group(writer);
        recorder().close();
        writer.close();
        hub.remove(STREAM);
        thread.pass(ABSENT_MS_MAX);
        assertThat(hub.statistics(STREAM)).isEmpty();
    }
}
