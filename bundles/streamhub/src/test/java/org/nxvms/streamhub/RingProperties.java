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

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nxvms.media.ClockSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** The ring against a list: whatever is written and however slowly it is read. */
class RingProperties {
    private final Pictures pictures = new Pictures();

    /** Each number is a step: below 40 000 a picture of that many bytes, above it a few reads. */
    @Property(tries = 150)
    void aReaderSeesTheListExceptWhatItWasToldItMissed(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 60_000) Integer> steps,
            @ForAll boolean growing,
            @ForAll boolean keeping) {
        RingHub hub = new RingHub(
                new HubLimits(4 << 20, 1 << 20, 14), Pictures.thread(growing ? Runnable::run : growth -> {}));
        StreamReader reader = hub.openReader(STREAM, "model", ReaderStart.NEXT);
        if (keeping) {
            reader.keepUnread(0);
        }
        StreamWriter writer = hub.openWriter(STREAM, SMALL);
        writer.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        List<Integer> lengths = new ArrayList<>();
        long[] expected = {0};
        for (int step : steps) {
            if (step < 40_000) {
                int number = lengths.size();
                assertThat(pictures.commit(writer, number, step, number % 7 == 0))
                        .isEqualTo(StreamWriter.COMMITTED);
                lengths.add(step);
            } else {
                read(reader, step % 20, lengths, expected);
            }
        }
        read(reader, Integer.MAX_VALUE, lengths, expected);
        assertThat(expected[0]).as("the end was reached").isEqualTo(lengths.size());
    }

    private static void read(StreamReader reader, int count, List<Integer> lengths, long[] expected) {
        for (int i = 0; i < count; i++) {
            switch (reader.poll()) {
                case EMPTY -> {
                    return;
                }
                case RUN_START -> assertThat(reader.format()).isEqualTo(FORMAT);
                case LAPPED -> expected[0] = -1;
                case ACCESS_UNIT -> {
                    long number = reader.timestamp() / 3600;
                    if (expected[0] < 0) {
                        assertThat(reader.key())
                                .as("after a lap comes a key frame")
                                .isTrue();
                    } else {
                        assertThat(number).isEqualTo(expected[0]);
                    }
                    assertThat(reader.length()).isEqualTo(lengths.get((int) number));
                    assertThat(Pictures.matches(reader.data(), number)).isTrue();
                    expected[0] = number + 1;
                }
                default -> throw new AssertionError("unexpected");
            }
        }
        if (expected[0] < 0) {
            read(reader, 1, lengths, expected);
        }
    }
}
