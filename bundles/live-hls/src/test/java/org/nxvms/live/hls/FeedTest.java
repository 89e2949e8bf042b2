// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.SampleTable;

/** What a player is told of a stream while it goes on. */
class FeedTest extends Watching {
    @Test
    void aPlayerThatComesHasAPlaylistAtOnceAndThenEachPictureOnce() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        PlaylistRules.Playlist first = read(feed);
        assertThat(first.target()).isEqualTo(2);
        assertThat(first.partTarget()).isEqualTo(0.3);
        assertThat(first.segments()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(first.segments())
                .allSatisfy(segment -> assertThat(segment.number()).isGreaterThanOrEqualTo(1_000));
        int begun = pictures().get(0);
        assertThat(begun % 50).as("begins with a key frame").isZero();

        follow(feed, camera, 20, 40_000);
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
        assertThat(camera.pictureCount() - begun - pictures().size())
                .as("pictures that were sent and are in no part yet")
                .isBetween(1, 8);
        assertThat(rules.segments())
                .allSatisfy(segment -> assertThat(segment.seconds()).isCloseTo(2, within(1e-6)));
        assertThat(rules.segments().stream().map(PlaylistRules.Segment::map).distinct())
                .hasSize(1);
    }

    @Test
    void timesAreThoseOfTheCameraAndFollowEachOther() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        PlaylistRules.Playlist last = follow(feed, camera, 5, 40_000);
        PlaylistRules.Segment segment = last.last();
        int number =
                Received.pictures(fetched.get(segment.parts().get(0).uri())).get(0);
        assertThat(segment.time())
                .isEqualTo(Instant.ofEpochMilli(Stage.START_US / 1_000).plusMillis(number * 40L));
        for (int track = 0; track < 2; track++) {
            long end = -1;
            for (ByteBuffer part : fetched.values()) {
                for (SampleTable table : Received.tables(part, track)) {
                    assertThat(end < 0 || end == table.decodeTime()[0])
                            .as("track " + track + " goes on at " + table.decodeTime()[0] + " after " + end)
                            .isTrue();
                    end = table.endDecodeTime();
                }
            }
        }
    }

    /** Times of pictures that refer to later ones go back and forth, and sound comes when its pictures have gone. */
    @Test
    void picturesThatAreShownInAnotherOrderAndLateSoundAreAllThere() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000)
                .reorder()
                .soundLate(90_000)
                .startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        read(feed);
        int begun = pictures().get(0);
        follow(feed, camera, 9, 40_000);
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
        long end = -1;
        for (ByteBuffer part : fetched.values()) {
            for (SampleTable table : Received.tables(part, 1)) {
                assertThat(end < 0 || end == table.decodeTime()[0])
                        .as("sound goes on at " + table.decodeTime()[0] + " after " + end)
                        .isTrue();
                end = table.endDecodeTime();
            }
        }
        assertThat(end).as("sound was there").isPositive();
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        follow(feed, camera, 3, 40_000);
        camera.endRun(GapCause.CLOCK_JUMP, "The clock was set.");
        camera.setClock(-3_600_000_000L);
        camera.startRun(Stage.H264);
        camera.seconds(5);
        tick();
        assertThat(feed.timeline().last().parts().stream()
                        .flatMap(part -> Received.pictures(part.bytes().duplicate()).stream()))
                .as("pictures by the new clock")
                .contains(camera.pictureCount() - 20);
    }

    @Test
    void aLatePictureRaisesThePartTargetOnlyAsLongAsItIsNamed() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(13);
        Feed feed = watch();
        camera.pause(1_200_000);
        camera.seconds(1);
        tick();
        assertThat(PlaylistRules.parse(MediaPlaylist.text(feed.timeline(), "main", List.of()))
                        .partTarget())
                .isGreaterThanOrEqualTo(1.2);
        camera.seconds(14);
        tick();
        assertThat(PlaylistRules.parse(MediaPlaylist.text(feed.timeline(), "main", List.of()))
                        .partTarget())
                .isEqualTo(0.3);
    }

    /** At every place of its segment, in groups with pictures that refer to later ones and without; as far from usual as is no break. */
    @ParameterizedTest
    @CsvSource({"460000,false", "500000,true", "900000,false", "1500000,true", "1900000,false"})
    void aLatePictureMakesNoSegmentLongerThanItsTarget(long lateUs, boolean reorders) {
        Stage.Camera camera = new Stage.Camera(hub, 50, 500, 40_000);
        (reorders ? camera.reorder() : camera).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        rules = new PlaylistRules(false);
        read(feed);
        int begun = pictures().get(0);
        for (int place = 0; place < 17; place++) {
            camera.pause(lateUs);
            follow(feed, camera, 53 * 0.04, 40_000);
        }
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
        assertThat(camera.pictureCount() - begun - pictures().size())
                .as("pictures that are in no part yet")
                .isBetween(1, 8);
        assertThat(fetched.values().stream()
                        .flatMap(part -> Received.tables(part, 1).stream())
                        .mapToLong(table -> table.decodeTime()[0]))
                .as("sound goes on")
                .isSorted();
    }

    @Test
    void picturesThatComeSeldomAndUnevenlyAreNoBreak() {
        Stage.Camera camera = new Stage.Camera(hub, 1, 500, 5_000_000).startRun(Stage.H264);
        camera.seconds(60);
        Feed feed = watch();
        rules = new PlaylistRules(false);
        read(feed);
        int begun = pictures().get(0);
        for (int i = 0; i < 8; i++) {
            camera.pause(i * 600_000);
            follow(feed, camera, 5, 5_000_000);
        }
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
        assertThat(rules.segments().stream()
                        .map(PlaylistRules.Segment::discontinuity)
                        .distinct())
                .hasSize(1);
    }

    /** One picture a second, five, twelve; key frames often, seldom, and never again. */
    @ParameterizedTest
    @CsvSource({
        "1000000,1,2",
        "1000000,5,5",
        "200000,10,2",
        "83333,24,2",
        "100000,50,5",
        "40000,250,10",
        "40000,1,2",
        "33333,30,2"
    })
    void camerasOfEveryKindGetPlaylistsInOrder(long pictureUs, int gop, int targetSeconds) {
        Stage.Camera camera = new Stage.Camera(hub, gop, 2_000, pictureUs).startRun(Stage.H264);
        camera.seconds(35);
        Feed feed = watch();
        assertThat(read(feed).target()).isEqualTo(targetSeconds);
        int begun = pictures().get(0);
        follow(feed, camera, 30, pictureUs);
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
    }

    @Test
    void aCameraWithoutFurtherKeyFramesIsWatchedAllTheSame() {
        Stage.Camera camera = new Stage.Camera(hub, 1_000_000, 500, 40_000).startRun(Stage.H264);
        camera.seconds(3);
        Feed feed = watch();
        assertThat(feed.timeline().isReady()).as("a second key frame may come").isFalse();
        for (int i = 0; i < 450; i++) {
            if (i % 4 == 0) {
                camera.pictures(1);
            }
            tick();
        }
        assertThat(feed.timeline().isReady()).isTrue();
        follow(feed, camera, 20, 40_000);
        int begun = pictures().get(0);
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
    }

    @Test
    void anotherFormatComesBehindABreakWithAnotherInitialisation() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        follow(feed, camera, 3.2, 40_000);
        camera.endRun(GapCause.CAMERA_UNREACHABLE, "It does not answer.");
        tick();
        PlaylistRules.Playlist ended = read(feed);
        assertThat(feed.cause()).isEqualTo("camera_unreachable");
        assertThat(pictures()).as("the last picture too").endsWith(camera.pictureCount() - 1);
        assertThat(ended.last().complete()).isTrue();

        camera.pause(7_000_000);
        camera.startRun(Stage.H264_SMALL);
        PlaylistRules.Playlist after = follow(feed, camera, 6.4, 40_000);
        List<PlaylistRules.Segment> all = rules.segments();
        PlaylistRules.Segment next = all.stream()
                .filter(segment -> segment.number() == ended.nextNumber())
                .findFirst()
                .orElseThrow();
        assertThat(next.discontinuity()).isEqualTo(ended.last().discontinuity() + 1);
        assertThat(next.map()).isNotEqualTo(ended.last().map());
        assertThat(Duration.between(ended.last().time(), next.time())).isGreaterThan(Duration.ofSeconds(7));
        assertThat(ended.hint()).isEqualTo("main/" + next.number() + ".0.m4s");
        assertThat(after.last().discontinuity()).isEqualTo(next.discontinuity());
        assertThat(feed.cause()).isEmpty();
    }

    @Test
    void aPauseWithinARunIsABreakAndWhatFollowsBeginsWithAKeyFrame() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        follow(feed, camera, 1.4, 40_000);
        int last = camera.pictureCount() - 1;
        camera.pause(5_000_000);
        follow(feed, camera, 8, 40_000);
        List<Integer> seen = pictures();
        assertThat(seen).contains(last).doesNotContain(last + 1);
        assertThat(seen.get(seen.indexOf(last) + 1) % 50).isZero();
        assertThat(rules.segments().stream()
                        .map(PlaylistRules.Segment::discontinuity)
                        .distinct())
                .hasSize(2);
    }

    @Test
    void whoIsOvertakenGoesOnWithAKeyFrameBehindABreak() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 20_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long begunPeriod = feed.timeline().last().period();
        read(feed);
        fetched.clear();
        // More than the ring holds.
        camera.seconds(300);
        for (int i = 0; i < 20; i++) {
            tick();
        }
        // A player that was away for so long begins anew.
        rules = new PlaylistRules();
        follow(feed, camera, 12, 40_000);
        int begun = pictures().get(0);
        assertThat(begun % 50).isZero();
        assertThat(pictures()).isEqualTo(numbers(begun, begun + pictures().size()));
        assertThat(feed.timeline().last().period())
                .as("what was missed is a break")
                .isGreaterThan(begunPeriod);
        assertThat(feed.bytes()).isLessThanOrEqualTo(Stage.SHAPE.bytesMax());
    }

    /** What a player that runs at many times the speed fetches. */
    @Test
    void keyFramesAreNamedByThemselves() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264, Stage.AAC);
        camera.seconds(13);
        Feed feed = watch();
        PlaylistRules.Playlist all = follow(feed, camera, 3.2, 40_000);
        List<String> lines =
                KeyFramePlaylist.text(feed.timeline(), "main").lines().toList();
        assertThat(lines)
                .contains("#EXT-X-I-FRAMES-ONLY", "#EXT-X-TARGETDURATION:2")
                .doesNotContain("#EXT-X-GAP");
        List<PlaylistRules.Segment> whole =
                all.segments().stream().filter(PlaylistRules.Segment::complete).toList();
        assertThat(lines.stream().filter(line -> !line.startsWith("#")))
                .containsExactlyElementsOf(
                        whole.stream().map(PlaylistRules.Segment::uri).toList());
        List<String> ranges = lines.stream()
                .filter(line -> line.startsWith("#EXT-X-BYTERANGE:"))
                .toList();
        for (int i = 0; i < whole.size(); i++) {
            String range = ranges.get(i).substring("#EXT-X-BYTERANGE:".length());
            assertThat(range).endsWith("@0");
            ByteBuffer first = feed.timeline()
                    .segment(whole.get(i).number())
                    .orElseThrow()
                    .parts()
                    .get(0)
                    .bytes()
                    .duplicate();
            first.limit(Integer.parseInt(range.substring(0, range.length() - 2)));
            List<Integer> pictures = Received.pictures(first.slice());
            assertThat(pictures).as("a key frame and nothing else").hasSize(1);
            assertThat(pictures.get(0) % 50).isZero();
            assertThat(Received.tables(first.slice(), 1)).isEmpty();
        }
    }

    @Test
    void aSegmentWithoutAKeyFrameIsAGapAmongThem() {
        Stage.Camera camera = new Stage.Camera(hub, 1_000, 500, 40_000).startRun(Stage.H264);
        camera.seconds(65);
        Feed feed = watch();
        for (int i = 0; i < 40; i++) {
            camera.seconds(1);
            tick();
        }
        List<String> lines =
                KeyFramePlaylist.text(feed.timeline(), "main").lines().toList();
        assertThat(lines.stream().filter(line -> !line.startsWith("#")))
                .hasSize((int) feed.timeline().listedSegments().stream()
                        .filter(Segment::complete)
                        .count());
        assertThat(lines).contains("#EXT-X-GAP");
    }

    /** Variants of one presentation have matching timestamps (RFC 8216bis 6.2.4), although each stream has a clock of its own. */
    @Test
    void streamsOfACameraAgreeOnTheTime() {
        Stage.Camera main = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264, Stage.AAC);
        main.seconds(13);
        Stage.Camera sub = new Stage.Camera(hub, org.nxvms.media.StreamRole.SUB, 25, 500, 40_000);
        sub.pause(4_987_000);
        sub.startRun(Stage.H264_SMALL).seconds(8);
        Feed one = watch();
        Feed other = pump.watch(new Feed.Key(StreamId.sub(Stage.CAMERA), true)).orElseThrow();
        for (int i = 0; i < 5; i++) {
            tick();
        }
        for (Feed feed : List.of(one, other)) {
            Segment segment = feed.timeline().listedSegments().get(1);
            for (int track = 0; track < segment.format().sent().tracks().size(); track++) {
                SampleTable table =
                        Received.tables(segment.parts().get(1).bytes(), track).get(0);
                long partUs = segment.wallUs() + segment.parts().get(0).durationUs();
                long clockRate = segment.format().sent().tracks().get(track).clockRate();
                assertThat(table.presentationTime()[0] / (double) clockRate)
                        .as("track " + track + " of " + feed.key())
                        .isCloseTo(partUs / 1e6, within(0.1));
            }
            assertThat(segment.startTicks() / 90_000d).isCloseTo(segment.wallUs() / 1e6, within(0.04));
        }
    }

    @Test
    void aPlaylistTellsHowFarTheOtherStreamIs() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(13);
        Feed feed = watch();
        Timeline other = feed.timeline();
        String text =
                MediaPlaylist.text(other, "main", List.of(new MediaPlaylist.Rendition("index.m3u8?stream=sub", other)));
        assertThat(text)
                .endsWith("#EXT-X-RENDITION-REPORT:URI=\"index.m3u8?stream=sub\",LAST-MSN="
                        + other.last().number() + ",LAST-PART="
                        + (other.last().parts().size() - 1) + "\n");
        assertThat(rules.read(text).hint()).isNotEmpty();
    }

    @Test
    void aStreamThatPlayersCannotPlaySaysWhatToDo() {
        new Stage.Camera(hub, 1, 2_000, 40_000).startRun(Stage.MJPEG).seconds(2);
        Feed feed = watch();
        assertThat(feed.refusal()).contains("MJPEG").contains("set the camera to H.264");
        assertThat(feed.timeline().isReady()).isFalse();
    }
}
