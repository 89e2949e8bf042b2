// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.media.StreamReader.ACCESS_UNIT;
import static org.nxvms.media.StreamReader.EMPTY;
import static org.nxvms.media.StreamReader.RUN_START;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.test.kit.Awaiting;

/** Who is woken by what is written, by what not, and until when. A rest of an hour ends by the bell, or the test does not. */
class BellTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int SPINS = 20_000;
    private static final int PICTURES = 2_000;

    private final RingHub hub = Pictures.hub(16 << 20);
    private final Pictures pictures = new Pictures();
    private final ReaderBell bell = new ReaderBell();

    private StreamWriter writer() {
        StreamWriter writer = hub.openWriter(Pictures.STREAM, Pictures.SMALL);
        TrackFormat sound = new TrackFormat(Codec.AAC, 16_000, "mp4a.40.2", 0, 0, 1, 0, new byte[] {0x14, 0x08});
        writer.startRun(new StreamFormat(List.of(Pictures.FORMAT.tracks().get(0), sound)), 0, ClockSource.ARRIVAL);
        return writer;
    }

    private StreamReader reader() {
        return hub.openReader(Pictures.STREAM, "viewer", ReaderStart.NEXT);
    }

    private static void sound(StreamWriter writer) {
        writer.begin();
        writer.append(ByteBuffer.allocateDirect(10));
        assertThat(writer.commit(1, StreamWriter.KEY, 0, 0)).isEqualTo(StreamWriter.COMMITTED);
    }

    /** Reads all there is, then rests, again and again. */
    private static final class Viewer extends Thread {
        private final StreamReader reader;
        private final ReaderBell bell;
        private final long until;
        private final AtomicLong seen = new AtomicLong();

        Viewer(StreamReader reader, ReaderBell bell, long until) {
            super("nxvms-viewer");
            this.reader = reader;
            this.bell = bell;
            this.until = until;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (seen.get() < until) {
                int found = reader.poll();
                while (found != EMPTY) {
                    if (found == ACCESS_UNIT) {
                        seen.incrementAndGet();
                    }
                    found = reader.poll();
                }
                if (seen.get() < until) {
                    bell.rest(HOUR_NS);
                }
            }
        }

        void awaitRest() {
            Awaiting.until("the viewer rests", () -> LockSupport.getBlocker(this) == bell);
        }
    }

    @Test
    void aPictureWakesWhoRests() throws Exception {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        assertThat(reader.ringAt(bell, false)).isTrue();
        Viewer viewer = new Viewer(reader, bell, 1);
        viewer.start();
        viewer.awaitRest();
        pictures.commit(writer, 0, 1_000, true);
        viewer.join();
        assertThat(viewer.seen).hasValue(1);
    }

    @Test
    void ofPicturesWrittenOneByOneAsEachWasSeenNoneIsMissedByWhoGoesToRest() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        reader.ringAt(bell, false);
        Viewer viewer = new Viewer(reader, bell, PICTURES);
        viewer.start();
        for (int n = 0; n < PICTURES; n++) {
            pictures.commit(writer, n, 10, n % 10 == 0);
            // Then the next one: mostly just when the viewer, who has looked, is about to rest.
            long seen = n + 1L;
            for (int i = 0; i < SPINS && viewer.seen.get() < seen; i++) {
                Thread.onSpinWait();
            }
            Awaiting.until("picture " + n + " is seen", () -> viewer.seen.get() >= seen);
        }
        assertThat(viewer.seen).hasValue(PICTURES);
    }

    @Test
    void nobodyIsWokenWhoDoesNotRestAndAllThatIsRungMeanwhileEndsOneRest() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        reader.ringAt(bell, false);
        for (int n = 0; n < 5; n++) {
            pictures.commit(writer, n, 1_000, n == 0);
        }
        assertThat(bell.isRung()).isTrue();
        // Who was unparked would not be parked now.
        long parkedNs = System.nanoTime();
        LockSupport.parkNanos(20_000_000);
        assertThat(System.nanoTime() - parkedNs).isGreaterThan(10_000_000);
        bell.rest(HOUR_NS);
        assertThat(bell.isRung()).as("it was heard").isFalse();
        assertThat(reader.poll()).isEqualTo(RUN_START);
    }

    @Test
    void whoSaysThatHeLooksIsNotTakenFromHisNextRestByWhatWasRungBefore() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        reader.ringAt(bell, false);
        pictures.commit(writer, 0, 1_000, true);
        bell.heard();
        assertThat(bell.isRung()).isFalse();
        pictures.commit(writer, 1, 1_000, false);
        assertThat(bell.isRung()).isTrue();
    }

    @Test
    void soundIsNoReasonForWhoWantsPicturesOnly() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        reader.ringAt(bell, true);
        sound(writer);
        assertThat(bell.isRung()).isFalse();
        pictures.commit(writer, 0, 1_000, true);
        assertThat(bell.isRung()).isTrue();
        bell.heard();
        assertThat(reader.ringAt(bell, false)).isTrue();
        sound(writer);
        assertThat(bell.isRung()).as("the last word counts").isTrue();
    }

    @Test
    void ofTwoReadersWithOneBellTheOneThatHearsIsRungBySound() {
        StreamWriter writer = writer();
        reader().ringAt(bell, true);
        StreamReader hearing = reader();
        hearing.ringAt(bell, false);
        sound(writer);
        assertThat(bell.isRung()).isTrue();
        hearing.close();
        bell.heard();
        sound(writer);
        assertThat(bell.isRung()).isFalse();
    }

    @Test
    void theEndOfARunAndOfTheStreamAreReasons() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        reader.ringAt(bell, true);
        pictures.commit(writer, 0, 1_000, true);
        bell.heard();
        writer.endRun(40_000, GapCause.AUTH, "wrong password");
        assertThat(bell.isRung()).as("the run ended").isTrue();
        bell.heard();
        hub.remove(Pictures.STREAM);
        assertThat(bell.isRung()).as("the stream was removed").isTrue();
    }

    @Test
    void aReaderThatWaitsForACameraIsRungByItsFirstPicture() {
        StreamReader reader = reader();
        assertThat(reader.ringAt(bell, false)).isTrue();
        pictures.commit(writer(), 0, 1_000, true);
        assertThat(bell.isRung()).isTrue();
    }

    @Test
    void whoHasLeftIsRungNoMoreAndNothingOfHimIsKept() {
        StreamWriter writer = writer();
        StreamReader reader = reader();
        StreamReader other = reader();
        other.ringAt(bell, false);
        reader.ringAt(new ReaderBell(), false);
        reader.close();
        assertThat(reader.ringAt(new ReaderBell(), false)).as("a closed one").isFalse();
        WeakReference<ReaderBell> left = hangUpAndLeave();
        Awaiting.until("the bell of who has left is forgotten", () -> {
            System.gc();
            return left.get() == null;
        });
        pictures.commit(writer, 0, 1_000, true);
        assertThat(bell.isRung()).as("who has stayed").isTrue();
    }

    private WeakReference<ReaderBell> hangUpAndLeave() {
        ReaderBell own = new ReaderBell();
        StreamReader reader = reader();
        assertThat(reader.ringAt(own, false)).isTrue();
        reader.close();
        return new WeakReference<>(own);
    }

    @Test
    void aStreamHasRoomForSoManyBellsAndForWhoSharesOne() {
        List<StreamReader> readers = new ArrayList<>();
        for (int i = 0; i < Bells.MAX; i++) {
            readers.add(reader());
            assertThat(readers.get(i).ringAt(new ReaderBell(), false)).isTrue();
        }
        StreamReader late = reader();
        assertThat(late.ringAt(bell, false)).isFalse();
        readers.get(0).close();
        assertThat(late.ringAt(bell, false)).isTrue();
        assertThat(reader().ringAt(bell, true)).as("its thread is woken anyway").isTrue();
        pictures.commit(writer(), 0, 1_000, true);
        assertThat(bell.isRung()).isTrue();
    }
}
