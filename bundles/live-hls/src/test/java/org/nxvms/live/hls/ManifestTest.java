// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.kit.fmp4.SampleTable;

/** What a player of DASH is told of a stream while it goes on; it is the same stream as by HLS. */
class ManifestTest extends Watching {
    @Test
    void theManifestNamesTheSegmentsOfThePlaylistAtTheirTimes() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        follow(feed, camera, 3.2, 40_000);
        assertThat(matched(feed).periods()).isEqualTo(1);
        camera.endRun(GapCause.CAMERA_UNREACHABLE, "It does not answer.");
        tick();
        camera.pause(7_000_000);
        camera.startRun(Stage.H264_SMALL);
        follow(feed, camera, 3.2, 40_000);
        assertThat(matched(feed).periods()).isEqualTo(2);
    }

    /** ISO/IEC 23009-1 5.3.9.6: the earliest presentation time, which with such pictures is not that of decoding. */
    @Test
    void theManifestTellsWhenPicturesAreShown() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, 50, 500, 40_000).reorder().startRun(Stage.H264);
        camera.seconds(13);
        Feed feed = watch();
        follow(feed, camera, 5, 40_000);
        ManifestRules.Manifest manifest =
                ManifestRules.read(LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000));
        List<Segment> segments = feed.timeline().listedSegments();
        for (int i = 0; i < segments.size(); i++) {
            long shown = segments.get(i).parts().stream()
                    .flatMap(part -> Received.tables(part.bytes(), 0).stream())
                    .flatMapToLong(table -> Arrays.stream(table.presentationTime()))
                    .min()
                    .orElseThrow();
            assertThat(manifest.segments().get(i).ticks()).as("segment " + i).isEqualTo(shown);
        }
    }

    /** What players of DASH fetch is a piece of what those of HLS do. */
    @Test
    void eachTrackOfAPartLiesInOnePiece() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        follow(feed, camera, 3.2, 40_000);
        long nextPicture = -1;
        long nextSound = -1;
        for (Segment segment : feed.timeline().listedSegments()) {
            assertThat(segment.soundTicks())
                    .isEqualTo(Received.tables(segment.parts().get(0).bytes(), 1)
                            .get(0)
                            .decodeTime()[0]);
            for (Part part : segment.parts()) {
                ByteBuffer pictures = part.of(Track.PICTURES);
                ByteBuffer sound = part.of(Track.SOUND);
                assertThat(ByteBuffer.allocate(part.size())
                                .put(pictures.duplicate())
                                .put(sound.duplicate())
                                .flip())
                        .isEqualTo(part.of(Track.ALL));
                assertThat(part.size(Track.PICTURES)).isEqualTo(pictures.remaining());
                assertThat(part.size(Track.SOUND)).isEqualTo(sound.remaining());
                assertThat(Received.tables(pictures, 1)).isEmpty();
                assertThat(Received.tables(sound, 0)).isEmpty();
                for (SampleTable table : Received.tables(pictures, 0)) {
                    assertThat(table.decodeTime()[0]).isEqualTo(nextPicture < 0 ? table.decodeTime()[0] : nextPicture);
                    nextPicture = table.endDecodeTime();
                }
                for (SampleTable table : Received.tables(sound, 1)) {
                    assertThat(table.decodeTime()[0]).isEqualTo(nextSound < 0 ? table.decodeTime()[0] : nextSound);
                    nextSound = table.endDecodeTime();
                }
            }
        }
        assertThat(nextSound / 16_000d).isCloseTo(nextPicture / 90_000d, within(0.1));
    }

    @Test
    void aClockThatRunsAwayFromTheWallsIsSetAgainByAPeriod() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long period = feed.timeline().last().period();
        // One part in a hundred fast: a quarter of a second after 25 seconds.
        camera.drift(400);
        PlaylistRules.Playlist last = follow(feed, camera, 40, 40_000);
        assertThat(last.last().discontinuity())
                .as("players of HLS see nothing of it")
                .isEqualTo(period);
        ManifestRules.Manifest manifest =
                ManifestRules.read(LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000));
        Duration apart = Duration.between(manifest.newest().time(), last.last().time());
        assertThat(apart.abs()).isLessThan(Duration.ofMillis(300));
        assertThat(feed.timeline().last().anchor().number()).isGreaterThan(1_000);
    }

    /**
     * FFmpeg looks in each list for the end that the one before told, cut to whole seconds, and goes on with the first segment that
     * does not begin before: neither the one that it has read nor one further on.
     */
    @ParameterizedTest
    @CsvSource({"25,0", "34,0", "50,0", "98,0", "37,1", "50,1"})
    void theGrowingSegmentEndsForPlayersInASecondAfterItsBeginningAndNotBehindItsEnd(int group, int track)
            throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, group, 500, 40_000).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        Map<Long, List<Long>> told = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            camera.pictures(1);
            tick();
            pump.watch(Stage.KEY);
            if (!feed.timeline().last().complete()) {
                String text = LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000);
                ManifestRules.Listed newest =
                        (track == 0 ? ManifestRules.read(text) : ManifestRules.readSound(text)).newest();
                told.computeIfAbsent(newest.ticks(), start -> new ArrayList<>())
                        .add(newest.ticks() + newest.durationTicks());
            }
        }
        assertThat(told).hasSizeGreaterThan(8);
        long ticks = track == 0 ? 90_000 : 16_000;
        Long before = null;
        for (long start : told.keySet()) {
            if (before != null) {
                for (long end : told.get(before)) {
                    assertThat(end / ticks * ticks).isGreaterThan(before).isLessThanOrEqualTo(start);
                }
            }
            before = start;
        }
    }

    private ManifestRules.Manifest matched(Feed feed) throws Exception {
        PlaylistRules.Playlist playlist = read(feed);
        ManifestRules.Manifest manifest =
                ManifestRules.read(LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000));
        assertThat(manifest.segments()).hasSameSizeAs(playlist.segments());
        for (int i = 0; i < playlist.segments().size(); i++) {
            assertThat(manifest.segments().get(i).uri())
                    .isEqualTo("main/t/" + manifest.segments().get(i).ticks() + ".m4s");
            assertThat(feed.timeline()
                            .beginning(Track.ALL, manifest.segments().get(i).ticks()))
                    .map(Segment::number)
                    .contains(playlist.segments().get(i).number());
            assertThat(Duration.between(
                                    manifest.segments().get(i).time(),
                                    playlist.segments().get(i).time())
                            .abs())
                    .isLessThan(Duration.ofMillis(2));
        }
        return manifest;
    }
}
