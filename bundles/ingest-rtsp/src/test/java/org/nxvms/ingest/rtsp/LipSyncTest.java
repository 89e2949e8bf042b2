// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.streamhub.StreamHubComponent;

/** Sound that arrives at another time than its picture is put right by the camera's sender reports. */
class LipSyncTest {
    private static final int RATE = 8000;
    private static final int UNIT_TICKS = RATE / 50;
    /** The report of the sound names a moment this much before its arrival suggests. */
    private static final int LATE_MS = 89;

    private final StreamId stream = StreamId.main(new UUID(6, 6));
    private final StreamHub hub =
            new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
    private final SenderClock videoClock = new SenderClock(90_000);
    private final SenderClock soundClock = new SenderClock(RATE);
    private final List<Long> times = new ArrayList<>();
    private AccessUnitSink pictures;
    private AccessUnitSink sounds;
    private StreamReader reader;

    @BeforeEach
    void begin() {
        HubFeed feed = new HubFeed(new IoLoop("never started", Settings.DEFAULTS), new WriterLease(hub, stream));
        pictures = feed.video(FormatSource.of(TrackFormats.mjpeg(64, 64)), 25, videoClock);
        sounds = feed.side(FormatSource.of(TrackFormats.g711(Codec.PCM_MULAW, RATE, 1)), RATE, soundClock);
        reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    }

    private static void unit(AccessUnitSink sink, long ticks) {
        sink.begin(true);
        sink.append(ByteBuffer.allocate(160), 0, 160);
        sink.commit(ticks, true, false);
    }

    /** So many units of sound, 20 ms each, and a picture with every second one; all arrive at once. */
    private void play(int from, int to) {
        for (int i = from; i < to; i++) {
            if (i % 2 == 0) {
                unit(pictures, i * 1800L);
            }
            unit(sounds, (long) i * UNIT_TICKS);
        }
        for (int found = reader.poll(); found != StreamReader.EMPTY; found = reader.poll()) {
            if (found == StreamReader.ACCESS_UNIT && reader.track() == 1) {
                times.add(reader.timestamp());
            }
        }
    }

    /** {@return by how many milliseconds a unit of sound lies after the picture of its number} */
    private double offsetMs(int unit) {
        return times.get(unit) * 1000.0 / RATE - 10_000 - unit * 20;
    }

    private void report(long soundWallUs) {
        videoClock.report(0, 5_000_000);
        soundClock.report(0, soundWallUs);
    }

    @Test
    void withoutReportsWhatArrivesTogetherBelongsTogether() {
        play(0, 50);
        assertThat(offsetMs(49)).isBetween(-10.0, 10.0);
    }

    @Test
    void aTrackThatBeginsAfterItsReportsLiesRightFromTheStart() {
        report(5_000_000 - LATE_MS * 1000);
        play(0, 50);
        assertThat(offsetMs(0)).isBetween(-LATE_MS - 3.0, -LATE_MS + 3.0);
        assertThat(offsetMs(49)).isBetween(-LATE_MS - 3.0, -LATE_MS + 3.0);
    }

    @Test
    void reportsThatComeLaterMoveTheSoundSlowlyAndLoseNothing() {
        play(0, 50);
        report(5_000_000 - LATE_MS * 1000);
        play(50, 200);
        assertThat(times).hasSize(200);
        assertThat(offsetMs(199)).isBetween(-LATE_MS - 3.0, -LATE_MS + 3.0);
        for (int i = 1; i < 200; i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(UNIT_TICKS * 94L / 100, UNIT_TICKS * 106L / 100);
        }
    }

    @Test
    void reportsOfTwoDifferentClocksAreNotBelieved() {
        report(3_000_000);
        play(0, 100);
        assertThat(offsetMs(99)).isBetween(-10.0, 10.0);
    }
}
