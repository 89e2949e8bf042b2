// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.fmp4.SampleTable;

/** What a player is told of a stream while it goes on, over the real stream hub and with a clock of its own. */
class FeedTest {
    private final StreamHub hub = Stage.hub();
    private PlaylistRules rules = new PlaylistRules();
    private final Map<String, ByteBuffer> fetched = new LinkedHashMap<>();
    private long nowMs = 1_000_000;
    private Pump.Limits limits = Stage.LIMITS;
    private Pump pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);

    private Feed watch() {
        Feed feed = pump.watch(Stage.KEY).orElseThrow();
        // At each tick some of what the ring holds.
        for (int i = 0; i < 5; i++) {
            tick();
        }
        return feed;
    }

    private void tick() {
        nowMs += 10;
        pump.tick();
    }

    /** Reads the playlist and fetches the parts that are new in it. */
    private PlaylistRules.Playlist read(Feed feed) {
        PlaylistRules.Playlist playlist = rules.read(MediaPlaylist.text(feed.timeline(), "main"));
        for (PlaylistRules.Segment segment : playlist.segments()) {
            for (int i = 0; i < segment.parts().size(); i++) {
                Part part = feed.timeline()
                        .segment(segment.number())
                        .orElseThrow()
                        .parts()
                        .get(i);
                fetched.putIfAbsent(segment.parts().get(i).uri(), part.bytes());
            }
        }
        return playlist;
    }

    /** The camera goes on, and the player reads the playlist after each picture. */
    private PlaylistRules.Playlist follow(Feed feed, Stage.Camera camera, double seconds, long pictureUs) {
        PlaylistRules.Playlist last = read(feed);
        for (int i = 0; i < Math.round(seconds * 1e6 / pictureUs); i++) {
            camera.pictures(1);
            tick();
            pump.watch(Stage.KEY);
            last = read(feed);
        }
        return last;
    }

    private List<Integer> pictures() {
        List<Integer> numbers = new ArrayList<>();
        fetched.values().forEach(part -> numbers.addAll(Received.pictures(part)));
        return numbers;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

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
                .isGreaterThan(1_000);
        assertThat(feed.bytes()).isLessThanOrEqualTo(Stage.SHAPE.bytesMax());
    }

    @Test
    void allStreamsTogetherKeepTheBoundAndFurtherOnesAreTurnedAway() {
        limits = new Pump.Limits(Stage.SHAPE, 6 << 20, 10, 10, 30_000, 2);
        pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);
        Stage.Camera main = new Stage.Camera(hub, 50, 20_000, 40_000).startRun(Stage.H264);
        Stage.Camera sub = new Stage.Camera(hub, StreamRole.SUB, 50, 5_000, 40_000).startRun(Stage.H264_SMALL);
        main.seconds(12);
        sub.seconds(12);
        Feed small = pump.watch(new Feed.Key(StreamId.sub(Stage.CAMERA), true)).orElseThrow();
        Feed large = watch();
        for (int i = 0; i < 600; i++) {
            main.pictures(1);
            sub.pictures(1);
            tick();
            assertThat(large.bytes() + small.bytes()).isLessThanOrEqualTo(6 << 20);
        }
        assertThat(small.timeline().held()).as("the smaller one keeps its own").hasSizeGreaterThanOrEqualTo(8);
        assertThat(large.timeline().isReady()).isTrue();
        assertThat(pump.watch(new Feed.Key(Stage.MAIN, false))).isEmpty();
    }

    @Test
    void whatNobodyWatchesIsForgottenAndGoesOnWithHigherNumbers() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long last = follow(feed, camera, 4, 40_000).last().number();
        nowMs += Stage.LIMITS.lingerMs();
        tick();
        assertThat(pump.watched()).isZero();
        assertThat(hub.statistics(Stage.MAIN).orElseThrow().readers())
                .as("nothing is read any more")
                .isEmpty();
        camera.seconds(9);
        Feed again = watch();
        assertThat(again.timeline().held().get(0).number()).isGreaterThan(last);
    }

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

    @Test
    void aClockThatRunsAwayFromTheWallsIsSetAgainByAPeriod() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        // One part in a hundred fast: a quarter of a second after 25 seconds.
        camera.drift(400);
        PlaylistRules.Playlist last = follow(feed, camera, 40, 40_000);
        assertThat(last.last().discontinuity())
                .as("players of HLS see nothing of it")
                .isEqualTo(1_000);
        ManifestRules.Manifest manifest =
                ManifestRules.read(LiveManifest.text(feed.timeline(), feed.key(), Stage.START_US / 1_000));
        Duration apart = Duration.between(manifest.newest().time(), last.last().time());
        assertThat(apart.abs()).isLessThan(Duration.ofMillis(300));
        assertThat(feed.timeline().last().anchor().number()).isGreaterThan(1_000);
    }

    @Test
    void aStreamThatPlayersCannotPlaySaysWhatToDo() {
        new Stage.Camera(hub, 1, 2_000, 40_000).startRun(Stage.MJPEG).seconds(2);
        Feed feed = watch();
        assertThat(feed.refusal()).contains("MJPEG").contains("set the camera to H.264");
        assertThat(feed.timeline().isReady()).isFalse();
    }
}
