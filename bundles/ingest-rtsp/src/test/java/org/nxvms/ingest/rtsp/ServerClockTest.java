// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.streamhub.StreamHubComponent;

/** The server's clock is set while a camera with seldom key frames and sound is received. */
class ServerClockTest {
    private static final long START_US = 1_763_800_000_000_000L;
    private static final int FPS = 25;
    /** Cameras that save bits send a key frame every ten seconds or less. */
    private static final int GOP = 10 * FPS;

    private static final int SOUND_RATE = 8000;

    private final StreamHub hub =
            new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
    private final StreamId stream = StreamId.main(new UUID(6, 7));
    private final IoLoop loop = new IoLoop("never started", Settings.DEFAULTS);
    private final StreamReader reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    private final List<Run> runs = new ArrayList<>();

    private static final class Run {
        final long startUs;
        final List<Long> pictures = new ArrayList<>();
        final List<Long> walls = new ArrayList<>();
        final List<Long> sounds = new ArrayList<>();
        String end = "";
        long endUs;

        Run(long startUs) {
            this.startUs = startUs;
        }
    }

    private static void unit(AccessUnitSink sink, long ticks, boolean key) {
        sink.begin(true);
        sink.append(ByteBuffer.allocate(160), 0, 160);
        sink.commit(ticks, key, false);
    }

    private void read() {
        for (int found = reader.poll(); found != StreamReader.EMPTY; found = reader.poll()) {
            if (found == StreamReader.RUN_START) {
                runs.add(new Run(reader.wallUs()));
                continue;
            }
            Run run = runs.get(runs.size() - 1);
            if (found == StreamReader.RUN_END) {
                assertThat(reader.gapCause()).isEqualTo(GapCause.CLOCK_JUMP);
                run.end = reader.gapDetail();
                run.endUs = reader.wallUs();
            } else if (reader.track() == 0) {
                run.pictures.add(reader.timestamp());
                run.walls.add(reader.wallUs());
            } else {
                run.sounds.add(reader.timestamp());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 400 * 86_400, 2})
    void theRunGoesOnByTheOldTimeAndTheNextBeginsByTheNew(long seconds) {
        HubFeed feed = new HubFeed(loop, new WriterLease(hub, stream));
        AccessUnitSink pictures = feed.video(FormatSource.of(TrackFormats.mjpeg(64, 64)), FPS, new SenderClock(90_000));
        AccessUnitSink sounds = feed.side(
                FormatSource.of(TrackFormats.g711(Codec.PCM_MULAW, SOUND_RATE, 1)),
                SOUND_RATE,
                new SenderClock(SOUND_RATE));
        int set = GOP + FPS;
        for (int i = 0; i < 5 * GOP; i++) {
            long passedUs = i * 1_000_000L / FPS;
            loop.time(passedUs * 1000, START_US + passedUs + (i < set ? 0 : seconds * 1_000_000));
            unit(pictures, i * 3600L, i % GOP == 0);
            unit(sounds, i * 320L, true);
            read();
        }

        assertThat(runs).as("one run by each time").hasSize(2);
        Run before = runs.get(0);
        Run after = runs.get(1);
        assertThat(before.end).isEqualTo("the server's clock was set");
        assertThat(before.endUs).isCloseTo(START_US + 2 * GOP * 40_000L, within(20_000L));
        assertThat(after.startUs).isEqualTo(START_US + seconds * 1_000_000 + 2 * GOP * 40_000L);
        assertThat(before.pictures).hasSize(2 * GOP);
        assertThat(after.pictures).hasSize(3 * GOP);
        assertThat(before.sounds.size() + after.sounds.size()).isBetween(5 * GOP - 2, 5 * GOP);
        for (Run run : runs) {
            assertSteps(run.walls, 39_000, 41_000);
            assertSteps(run.pictures, 3600, 3600);
            assertSteps(run.sounds, 300, 340);
            assertThat(run.sounds.get(0) * 90_000 / SOUND_RATE)
                    .as("sound begins with the pictures")
                    .isCloseTo(run.pictures.get(0), within(9_000L));
        }
    }

    private static void assertSteps(List<Long> values, long min, long max) {
        for (int i = 1; i < values.size(); i++) {
            assertThat(values.get(i) - values.get(i - 1)).as("step %d", i).isBetween(min, max);
        }
    }
}
