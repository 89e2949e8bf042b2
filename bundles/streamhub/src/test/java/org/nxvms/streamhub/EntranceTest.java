// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamWriter;

/** Where a cursor begins that is opened while the writer goes on. */
class EntranceTest {
    private static final int VIEWERS = 1_000_000;

    private final Ring ring = new Ring(ByteBuffer.allocateDirect(64 << 10), 8 << 10, 64, 1);
    private int number;

    @BeforeEach
    void startRun() {
        ring.startRun(new Run(1, Pictures.FORMAT, 0, ClockSource.ARRIVAL));
    }

    private void picture(boolean key) {
        ring.begin();
        ring.appendInt(number);
        ring.commit(0, key ? StreamWriter.KEY : 0, number * 3_600L, number * 40_000L);
        number++;
    }

    /** The ring; a whole group of pictures comes when it has just been looked through. */
    private final class WhileAGroupComes extends AbstractList<Ring> {
        @Override
        public Ring get(int index) {
            return ring;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public Iterator<Ring> iterator() {
            Iterator<Ring> each = List.of(ring).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    boolean more = each.hasNext();
                    for (int i = 0; i < 10 && !more; i++) {
                        picture(i == 0);
                    }
                    return more;
                }

                @Override
                public Ring next() {
                    return each.next();
                }
            };
        }
    }

    /** As when somebody watches a camera that comes and goes. */
    @Test
    void whoComesWhileRunsEndAndBeginStandsAtAKeyFrameOrAtTheEndOfARun() throws Exception {
        Ring busy = new Ring(ByteBuffer.allocateDirect(1 << 20), 8 << 10, 4_096, 1);
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int run = 1; !over.get(); run++) {
                oneRun(busy, new Run(run, Pictures.FORMAT, 0, ClockSource.ARRIVAL));
            }
        });
        writer.start();
        try {
            int seen = 0;
            while (seen < VIEWERS) {
                Entrance at = Entrance.of(ReaderStart.NEWEST_KEY, List.of(busy), Optional.empty());
                boolean isWell = at.awaitsKey()
                        || busy.entries().isStart(at.entry())
                        || busy.entries().subject(at.entry()) instanceof Run.End;
                // What was overwritten meanwhile tells nothing.
                if (busy.holds(at.entry())) {
                    assertThat(isWell).as("viewer %d", seen).isTrue();
                    seen++;
                }
            }
        } finally {
            over.set(true);
            writer.join();
        }
    }

    /** As when a recorder opens its cursor anew while the oldest picture in the ring is overwritten. */
    @Test
    void whoLosesTheOldestKeyFrameToTheWriterBeginsWithTheNextOne() throws Exception {
        picture(true);
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            while (!over.get()) {
                picture(number % 2 == 0);
                for (int i = 0; i < 50; i++) {
                    Thread.onSpinWait();
                }
            }
        });
        writer.start();
        try {
            for (int recorder = 0; recorder < VIEWERS; recorder++) {
                Entrance at = Entrance.of(ReaderStart.OLDEST_KEY, List.of(ring), Optional.empty());
                // Unless the writer went round while it was looked.
                assertThat(!at.awaitsKey() || ring.head() - at.entry() > 32)
                        .as("recorder %d begins with one of 32 key frames", recorder)
                        .isTrue();
            }
        } finally {
            over.set(true);
            writer.join();
        }
    }

    private static void oneRun(Ring in, Run run) {
        in.startRun(run);
        for (int i = 0; i < 4; i++) {
            in.begin();
            in.appendInt(i);
            in.commit(0, i == 0 ? StreamWriter.KEY : 0, i * 3_600L, i * 40_000L);
        }
        in.endRun(new Run.End(run, 0, GapCause.CAMERA_UNREACHABLE, ""));
    }

    /** As when the recording of a camera begins in the moment of its first picture. */
    @Test
    void theKeyFrameThatComesWhileNoneIsFoundIsNotPassedOver() {
        picture(false);
        picture(false);
        Entrance at = Entrance.of(ReaderStart.OLDEST_KEY, new WhileAGroupComes(), Optional.empty());
        assertThat(number).as("pictures by now").isEqualTo(12);
        assertThat(at.awaitsKey()).isTrue();
        assertThat(at.entry()).as("the key frame, or before it").isEqualTo(2);
        assertThat(at.nextSequence()).isEqualTo(2);
    }
}
