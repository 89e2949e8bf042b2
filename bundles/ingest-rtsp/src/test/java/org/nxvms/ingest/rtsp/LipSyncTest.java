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

/** Sound that arrives at another time than its picture is put right by what the camera tells of both. */
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
    private final IoLoop loop = new IoLoop("never started", Settings.DEFAULTS);
    private HubFeed feed;
    private AccessUnitSink pictures;
    private AccessUnitSink sounds;
    private StreamReader reader;

    @BeforeEach
    void begin() {
        feed = new HubFeed(loop, new WriterLease(hub, stream));
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

    /** Both tracks report; by that the sound belongs so much before where it arrived. */
    private void reportEarlier(int ms) {
        report(5_000_000 - ms * 1000L);
    }

    /** The answer to PLAY says that the sound belongs so much before where it arrived. */
    private void beginEarlier(int ms) {
        videoClock.begins(0);
        soundClock.begins(ms * RATE / 1000);
    }

    private void assertEarlier(int unit, int ms) {
        assertThat(offsetMs(unit)).as("unit " + unit).isBetween(-ms - 10.0, -ms + 10.0);
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

    /**
     * A start of GStreamer's server as it was recorded: the first sound came 44.7 ms behind the first picture, and up to 10 more before
     * the connection was looked at. Its answer to PLAY and all its reports say within 0.1 ms that both belong
     * together; the second track's first report came after four seconds.
     */
    @Test
    void aServerWhoseSoundSetsOutLateIsInTimeFromTheStart() {
        videoClock.begins(0);
        soundClock.begins(0);
        unit(pictures, 0);
        loop.time(loop.nowNs() + 54_700_000L, loop.nowUs() + 54_700);
        play(0, 190);
        videoClock.report(2_900L * 90, 5_002_900_000L);
        play(190, 195);
        soundClock.report(3_900L * 8, 5_003_900_100L);
        play(195, 400);
        for (int unit = 0; unit < 400; unit++) {
            assertThat(offsetMs(unit)).as("unit %d", unit).isBetween(-3.0, 3.0);
        }
    }

    @Test
    void theAnswerToPlayPlacesTheSoundFromTheStart() {
        beginEarlier(60);
        play(0, 50);
        assertThat(offsetMs(0)).isBetween(-63.0, -57.0);
        assertThat(offsetMs(49)).isBetween(-63.0, -57.0);
    }

    /** Some servers send before they answer, and datagrams overtake answers. */
    @Test
    void anAnswerThatComesBehindTheFirstSoundIsHeard() {
        play(0, 5);
        beginEarlier(60);
        play(5, 100);
        assertEarlier(99, 60);
    }

    /** The server, or the machine, stood still between the first picture and the first sound. */
    @Test
    void oneLateArrivalDoesNotRefuteTheAnswer() {
        beginEarlier(0);
        unit(pictures, 0);
        loop.time(loop.nowNs() + 300_000_000L, loop.nowUs() + 300_000);
        play(0, 100);
        assertEarlier(60, 0);
        assertEarlier(99, 0);
    }

    @Test
    void norDoesALateFirstPicture() {
        beginEarlier(0);
        loop.time(loop.nowNs() + 300_000_000L, loop.nowUs() + 300_000);
        unit(pictures, 0);
        for (int i = 0; i < 100; i++) {
            long us = Math.max(300_000, i * 20_000L);
            loop.time(us * 1000, us);
            play(i, i + 1);
        }
        assertEarlier(60, 0);
        assertEarlier(99, 0);
    }

    /** Restreamers begin with the pictures since the last key frame, at once, and with present sound. */
    @Test
    void behindPicturesThatWereKeptPresentSoundIsPutRightAtOnce() {
        int keptMs = 1_400;
        videoClock.begins(0);
        soundClock.begins(-keptMs * RATE / 1000);
        int kept = keptMs / 40;
        for (int i = 0; i < kept; i++) {
            unit(pictures, i * 3_600L);
        }
        for (int i = 0; i < 400; i++) {
            if (i == 100) {
                videoClock.report(0, 5_000_000);
                soundClock.report(-keptMs * RATE / 1000, 5_000_000);
            }
            loop.time(i * 20_000_000L, i * 20_000L);
            if (i % 2 == 0) {
                unit(pictures, (kept + i / 2) * 3_600L);
            }
            unit(sounds, (long) i * UNIT_TICKS);
        }
        play(0, 0);
        assertEarlier(110, -keptMs);
        assertEarlier(399, -keptMs);
        for (int i = 1; i < 400; i++) {
            assertThat(times.get(i)).isGreaterThan(times.get(i - 1));
        }
    }

    @Test
    void anAnswerThatNamesTheFirstPacketsWhateverTheirTimeIsNotBelieved() {
        beginEarlier(200);
        for (int i = 0; i < 50; i++) {
            loop.time(i * 20_000_000L, i * 20_000L);
            play(i, i + 1);
        }
        assertEarlier(49, 0);
        reportEarlier(LATE_MS);
        play(50, 200);
        assertEarlier(199, LATE_MS);
    }

    @Test
    void anAnswerForOneTrackAloneTellsNothing() {
        soundClock.begins(LATE_MS * RATE / 1000);
        play(0, 50);
        assertEarlier(49, 0);
    }

    /** Cameras get the answer wrong more often than their reports. */
    @Test
    void theFirstReportsCorrectTheAnswer() {
        beginEarlier(0);
        play(0, 50);
        reportEarlier(LATE_MS);
        play(50, 200);
        assertEarlier(199, LATE_MS);
    }

    @Test
    void ofWhatReportsToldBeforeOneAloneIsNoCorrection() {
        reportEarlier(0);
        play(0, 50);
        reportEarlier(LATE_MS);
        play(50, 300);
        assertEarlier(299, 0);
        reportEarlier(0);
        play(300, 550);
        reportEarlier(LATE_MS);
        play(550, 800);
        assertEarlier(799, 0);
    }

    @Test
    void twoThatSayTheSameAre() {
        reportEarlier(0);
        play(0, 50);
        reportEarlier(LATE_MS);
        play(50, 300);
        reportEarlier(LATE_MS);
        play(300, 550);
        assertEarlier(549, LATE_MS);
    }

    @Test
    void aReportOfOneTrackAloneIsNoPair() {
        reportEarlier(0);
        play(0, 50);
        reportEarlier(LATE_MS);
        play(50, 300);
        soundClock.report(0, 5_000_000 - LATE_MS * 1000);
        play(300, 550);
        assertEarlier(549, 0);
    }

    @Test
    void reportsOfACameraWithoutAClockTellNothing() {
        play(0, 50);
        videoClock.report(0, -1);
        soundClock.report(LATE_MS * RATE / 1000, -1);
        play(50, 200);
        assertEarlier(199, 0);
    }

    @Test
    void aRunThatBeginsLaterKeepsWhatTheReportsTold() {
        reportEarlier(LATE_MS);
        play(0, 50);
        feed.sideFormatChanged();
        loop.time(loop.nowNs() + 1_000_000_000L, loop.nowUs() + 1_000_000);
        play(50, 100);
        assertThat(feed.runs()).isEqualTo(2);
        assertThat(times.get(50) * 1000.0 / RATE - 10_000)
                .as("where the sound of the second run begins")
                .isBetween(-LATE_MS - 3.0, -LATE_MS + 3.0);
    }

    /** The pictures' crystal is 500 ppm slow: after an hour their time stamps are 1.8 s behind the server's clock. */
    @Test
    void soundThatBeginsAfterAnHourLiesAtItsPictures() {
        long second = 0;
        for (; second < 3_600; second++) {
            loop.time(second * 1_000_500_000L, second * 1_000_500L);
            unit(pictures, second * 90_000);
        }
        for (int i = 0; i < 50; i++) {
            unit(sounds, (long) i * UNIT_TICKS);
        }
        play(0, 0);
        assertThat(times.get(0) * 1000.0 / RATE - 10_000 - (second - 1) * 1000).isBetween(-100.0, 100.0);
    }

    @Test
    void theFirstSecondOfARunIsLookedAtOftenThoughNobodyWatches() {
        reader.close();
        loop.time(7_000_000_000L, 7_000_000);
        unit(pictures, 0);
        assertThat(feed.urgency()).isEqualTo(Urgency.EACH_TICK);
        loop.time(7_900_000_000L, 7_900_000);
        assertThat(feed.urgency()).isEqualTo(Urgency.EACH_TICK);
        loop.time(8_100_000_000L, 8_100_000);
        assertThat(feed.urgency()).isEqualTo(Urgency.LATER);
    }
}
