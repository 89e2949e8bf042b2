// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    private ManifestRules.Manifest matched(Feed feed) throws Exception {
        PlaylistRules.Playlist playlist = read(feed);
        ManifestRules.Manifest manifest =
                ManifestRules.read(LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000));
        assertThat(manifest.segments()).hasSameSizeAs(playlist.segments());
        for (int i = 0; i < playlist.segments().size(); i++) {
            assertThat(manifest.segments().get(i).uri())
                    .isEqualTo("main/" + playlist.segments().get(i).number() + ".m4s");
            assertThat(Duration.between(
                                    manifest.segments().get(i).time(),
                                    playlist.segments().get(i).time())
                            .abs())
                    .isLessThan(Duration.ofMillis(2));
        }
        return manifest;
    }
}
