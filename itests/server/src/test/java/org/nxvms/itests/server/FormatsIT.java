// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.rtsp.Metadata;

/**
 * Every format cameras send, over every way their packets travel. Cameras that are not ours first ({@link ForeignCameras}): the
 * pictures decoded from the archive and from its playlist are those of the files that they play, one by one, with the sound
 * where it was. What that server does not know, metadata and formats that change, the simulator sends.
 */
@Tag("alone")
class FormatsIT extends ForeignCameras {
    private static final int SECONDS = 10;
    /** One picture of most of them. */
    private static final double LATE_MS_MAX = 40;

    private static final int PICTURES_SECONDS = 8;
    /** Of sound, some seconds. */
    private static final int PACKETS = 60;
    /** Then it begins anew. */
    private static final int FILM_SECONDS = 15;
    /** Of the simulated cameras, 25 a second. */
    private static final int PICTURE_90K = 3_600;

    private static final List<String> LISTS = List.of("index.m3u8?stream=main", "manifest.mpd?stream=main");

    /** What a player makes of each clip. */
    private final Map<Path, List<String>> films = new HashMap<>();

    /** All of them record side by side since the beginning, as it is with real ones. */
    @ParameterizedTest
    @MethodSource("sources")
    void everyPictureIsRecordedAndPlayedBackAsItWasSentAndTheSoundFits(Source source, @TempDir Path folder) {
        String id = ids.get(source);
        Waiting.until(SECONDS + " s are recorded", 60, () -> seconds(id) > SECONDS);
        JsonNode segment = api.segments(id, Instant.EPOCH, Instant.now()).get(0);
        assertThat(segment.get("codecs").asText()).isEqualTo(source.codecs());
        Path recorded = save(segment, folder);
        Path clip = clip(source.clip());
        int count = PICTURES_SECONDS * source.framesPerSecond();

        List<String> expected =
                films.computeIfAbsent(clip, file -> Played.pictures(folder, count, "-i", file.toString()));
        assertThat(expected).hasSize(count);
        assertThat(Played.pictures(folder, count, "-i", recorded.toString())).isEqualTo(expected);
        if (source.transport().equals("tcp")) {
            // How packets came is forgotten by then: once is enough.
            HttpPlayer player = new HttpPlayer(api, folder);
            Instant from = Instant.parse(segment.get("start").asText());
            for (String list : source.equals(MJPEG) ? LISTS.subList(0, 1) : LISTS) {
                assertThat(player.archive(list, id, from, from.plusSeconds(SECONDS), count))
                        .as(list)
                        .isEqualTo(expected);
            }
            String dash = LISTS.get(1);
            List<String> tracks = new ArrayList<>(List.of(source.picture()));
            source.sound().ifPresent(tracks::add);
            assertThat(player.archivedTracks(dash, id, from, from.plusSeconds(SECONDS)))
                    .as("each track by itself, sound where players know it")
                    .isEqualTo(tracks);
            if (source.sound().isPresent()) {
                assertThat(player.archivedSound(dash, id, from, from.plusSeconds(SECONDS), PACKETS))
                        .hasSize(PACKETS)
                        .isEqualTo(Played.soundPackets(folder, PACKETS, "-i", recorded.toString()));
            }
        }
        // A camera whose film is over is connected to again, and until then nothing travels.
        Waiting.until(
                "it came over " + source.transport(), 30, () -> transport(id).equals(source.transport()));
        assertThat(Played.soundShiftsMs(folder, recorded, clip))
                .as("ms the sound is late")
                .allSatisfy(late -> assertThat(late).isBetween(-LATE_MS_MAX, LATE_MS_MAX));
    }

    /** The film is repeated, and a live picture is somewhere in it. */
    @Test
    void playersGetEachFormatByRtspAsItWasSent(@TempDir Path folder) {
        RtspPlayer player = RtspPlayer.withKey(api, server.rtspPort(), folder);
        List<Source> watched = List.of(BFRAMES, H265, MJPEG, H264);
        watched.forEach(source -> Waiting.until(source + " is recorded", 60, () -> seconds(ids.get(source)) > 3));
        watched.parallelStream().forEach(source -> {
            int second = source.framesPerSecond();
            List<String> film = Played.pictures(
                    folder, FILM_SECONDS * second, "-i", clip(source.clip()).toString());
            String address = player.live(ids.get(source));
            RtspPlayer.assertPartOf(film, player.pictures(2 * second, address));
            JsonNode segment =
                    api.segments(ids.get(source), Instant.EPOCH, Instant.now()).get(0);
            Instant from = Instant.parse(segment.get("start").asText());
            // Half a picture before the one that would be too many.
            Instant to = from.plusMillis(2_000 - 500 / second);
            List<String> seen = player.pictures(10 * second, player.archive(ids.get(source), from, to));
            assertThat(seen).as(source.toString()).hasSizeBetween(2 * second, 2 * second + source.ahead());
            assertThat(seen.subList(0, 2 * second)).as(source.toString()).isEqualTo(film.subList(0, 2 * second));
        });
        // Another player; what comes by UDP is compared where there is time.
        int second = H264.framesPerSecond();
        List<String> film = Played.pictures(
                folder, FILM_SECONDS * second, "-i", clip(H264.clip()).toString());
        List<String> live = player.picturesOfGStreamer(second, "tcp", player.live(ids.get(H264)));
        assertThat(live).hasSize(second);
        RtspPlayer.assertPartOf(film, live);
        Instant begun = Instant.parse(api.segments(ids.get(H264), Instant.EPOCH, Instant.now())
                .get(0)
                .get("start")
                .asText());
        String address = player.archive(ids.get(H264), begun, begun.plusSeconds(2));
        assertThat(player.picturesOfGStreamer(second, "tcp", address)).isEqualTo(film.subList(0, second));
        assertThat(player.tracks("tcp", player.live(ids.get(BFRAMES)))).containsExactly("h264", "pcm_mulaw");
        // FFmpeg's buffer for UDP is small: what comes by it is compared where there is time, in LiveRtspTest.
        assertThat(player.tracks("udp", player.live(ids.get(H264)))).containsExactly("h264", "opus");
    }

    @Test
    void playersGetWhatComesByHlsAndDashAsItWasSent(@TempDir Path folder) {
        HttpPlayer player = new HttpPlayer(api, folder);
        List<Source> watched = List.of(AAC, H264, H265);
        watched.forEach(source -> Waiting.until(source + " is recorded", 60, () -> seconds(ids.get(source)) > 3));
        watched.parallelStream().forEach(source -> {
            int second = source.framesPerSecond();
            List<String> film = Played.pictures(
                    folder, FILM_SECONDS * second, "-i", clip(source.clip()).toString());
            LISTS.parallelStream()
                    .forEach(list -> RtspPlayer.assertPartOf(film, player.live(list, ids.get(source), 2 * second)));
            assertThat(player.liveTracks(LISTS.get(1), ids.get(source)))
                    .as("each track by itself")
                    .containsExactly(source.picture(), source.sound().orElseThrow());
        });
    }

    /** Of one that is made H.264 on the way, too. */
    @Test
    void aWallGetsEachOfItsCamerasOverOneSocket(@TempDir Path folder) throws IOException {
        List<Source> watched = List.of(BFRAMES, H264, H265);
        watched.forEach(source -> Waiting.until(source + " is recorded", 60, () -> seconds(ids.get(source)) > 3));
        try (WallView wall = new WallView(api)) {
            for (Source source : watched) {
                wall.subscribe(ids.get(source), source == H265 ? "main~h264" : "main");
            }
            for (Source source : watched) {
                int pictures = 2 * source.framesPerSecond();
                String file = wall.film(ids.get(source), pictures, folder).toString();
                String clip = clip(source.clip()).toString();
                if (source == H265) {
                    LikeFilm.assertShows(
                            folder, clip(source.clip()), FILM_SECONDS * source.framesPerSecond(), pictures, "-i", file);
                } else {
                    RtspPlayer.assertPartOf(
                            Played.pictures(folder, FILM_SECONDS * source.framesPerSecond(), "-i", clip),
                            Played.pictures(folder, pictures, "-i", file));
                }
            }
        }
    }

    /** H.265 with AAC, Motion JPEG with G.711: many players do not know them. */
    @Test
    void whatPlayersDoNotKnowIsEncodedAnewForThemAndShowsTheSame(@TempDir Path folder) {
        RtspPlayer player = RtspPlayer.withKey(api, server.rtspPort(), folder);
        for (Source source : List.of(H265, MJPEG)) {
            Waiting.until(source + " is recorded", 60, () -> seconds(ids.get(source)) > 3);
            String address = player.live(ids.get(source)) + "/main~h264";
            Waiting.until(source + " and its sound are encoded anew", 60, () -> player.knows(address)
                    .equals(List.of("h264", "opus")));
            LikeFilm.assertShows(
                    folder,
                    clip(source.clip()),
                    FILM_SECONDS * source.framesPerSecond(),
                    2 * source.framesPerSecond(),
                    "-rtsp_transport",
                    "tcp",
                    "-i",
                    address);
        }
    }

    /** A player finds in the files the pictures that it finds in the recording, one by one. */
    @Test
    void anExportOfTwoCamerasIsWhatWasRecordedAndOneBitMoreIsFoundOut(@TempDir Path folder) throws Exception {
        List<String> two = List.of(ids.get(sources().get(0)), ids.get(BFRAMES));
        two.forEach(id -> Waiting.until(SECONDS + " s are recorded", 60, () -> seconds(id) > SECONDS));
        ExportedFootage.assertAsRecorded(api, two, folder, segment -> save(segment, folder));
    }

    /** Of pictures that follow each other in order, that overtake each other, of H.265, and that each stand alone. */
    @Test
    void anExactExportHasThePicturesOfTheRangeAndNoOthers(@TempDir Path folder) throws Exception {
        List<String> four = Stream.of(H264, BFRAMES, H265, MJPEG).map(ids::get).toList();
        four.forEach(id ->
                Waiting.until(ExactExport.SECONDS + " s are recorded", 60, () -> seconds(id) > ExactExport.SECONDS));
        ExactExport.assertCutToThePicture(api, four, folder, segment -> save(segment, folder));
    }

    @Test
    void anExportWithoutSoundHasNoneWhateverItsForm(@TempDir Path folder) throws Exception {
        String id = ids.get(AAC);
        Waiting.until(SECONDS + " s are recorded", 60, () -> seconds(id) > SECONDS);
        ExportedFootage.assertSilent(api, id, folder);
    }

    /** Of pictures that overtake each other, of H.265, and that each stand alone. */
    @Test
    void anExportWithMasksAndTimesHasThemInEveryPicture(@TempDir Path folder) throws Exception {
        Map<String, Integer> three = new HashMap<>();
        List.of(BFRAMES, H265, MJPEG).forEach(source -> three.put(ids.get(source), source.framesPerSecond()));
        three.keySet().forEach(id -> Waiting.until(SECONDS + " s are recorded", 60, () -> seconds(id) > SECONDS));
        BurnedExport.assertInEveryPicture(api, three, folder);
    }

    @Test
    void aWrongPasswordIsSaidAndNotTriedAgainAndAgain() {
        Api.Answer answer = api.post(
                "/api/v1/cameras/probe",
                Map.of(
                        "driver",
                        "rtsp",
                        "address",
                        "rtsp://127.0.0.1:" + (port + 1) + "/h264-digest",
                        "credentials",
                        Map.of("username", "admin", "password", "wrong")));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/camera-auth");
        String id = add("h264-digest", port + 1, login("no"));
        Waiting.until("the camera is unauthorized", 15, () -> api.state(id).equals("unauthorized"));
        assertThat(api.delete("/api/v1/cameras/" + id).status()).isEqualTo(204);
    }

    @Test
    void aCodecWeCannotRecordIsNamed() {
        Api.Answer answer = api.post(
                "/api/v1/cameras/probe", Map.of("driver", "rtsp", "address", "rtsp://127.0.0.1:" + port + "/live-vp8"));
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(422);
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/camera-unsupported");
        assertThat(answer.json().get("detail").asText()).contains("VP8", "H.264");
    }

    @Test
    void metadataIsKeptInTheFileAndDisturbsNoPlayer(@TempDir Path folder) throws IOException {
        try (CameraFarm farm = Farms.start(1, CameraSettings.DEFAULT.withMetadata(Metadata.CARRIED))) {
            String id = api.addCamera("metadata", Farms.main(farm, 1));
            Waiting.until("5 s are recorded", 30, () -> seconds(id) > 5);
            JsonNode segment = api.segments(id, Instant.EPOCH, Instant.now()).get(0);
            Path file = save(segment, folder);
            String documents = Commands.run(
                    folder,
                    "ffmpeg",
                    "-v",
                    "error",
                    "-i",
                    file.toString(),
                    "-map",
                    "0:d:0",
                    "-c",
                    "copy",
                    "-f",
                    "data",
                    "-");
            assertThat(segment.get("codecs").asText()).matches("avc1\\.[0-9A-F]{6},mp4a\\.40\\.2");
            assertThat(documents.split("</tt:MetadataStream>")).hasSizeGreaterThan(4);
            assertThat(documents).startsWith("<?xml").endsWith("</tt:MetadataStream>");
            assertThat(Played.pictures(folder, 100, "-i", file.toString())).hasSize(100);
            Instant from = Instant.parse(segment.get("start").asText());
            HttpPlayer player = new HttpPlayer(api, folder);
            assertThat(player.archive(LISTS.get(0), id, from, from.plusSeconds(SECONDS), 100))
                    .hasSize(100);
            api.delete("/api/v1/cameras/" + id).expect(204);
        }
    }

    @Test
    void aCameraThatChangesItsPictureSizeLosesNoPicture(@TempDir Path folder) throws Exception {
        try (CameraFarm farm = Farms.start(1, CameraSettings.DEFAULT)) {
            String id = api.addCamera("changing", Farms.main(farm, 1));
            Waiting.until("3 s are recorded", 30, () -> seconds(id) > 3);
            farm.camera(1).set(FaultKind.RESOLUTION_CHANGE);
            Waiting.until("3 s of the other size are recorded", 30, () -> {
                List<JsonNode> all =
                        api.segments(id, Instant.EPOCH, Instant.now().plusSeconds(60));
                return all.size() > 1 && all.get(1).get("durationMs").asLong() > 3000;
            });
            List<JsonNode> segments =
                    api.segments(id, Instant.EPOCH, Instant.now().plusSeconds(60));
            assertThat(segments).hasSize(2);
            assertThat(segments.get(0).get("initId"))
                    .isNotEqualTo(segments.get(1).get("initId"));
            Instant from = Instant.parse(segments.get(0).get("start").asText());
            Instant to = Instant.parse(segments.get(1).get("end").asText());
            for (JsonNode segment : segments) {
                assertEachPictureFollows(save(segment, folder));
            }
            Instant firstEnd = Instant.parse(segments.get(0).get("end").asText());
            Instant secondStart = Instant.parse(segments.get(1).get("start").asText());
            assertThat(Duration.between(firstEnd, secondStart).abs())
                    .as("between the last of the one size and the first of the other, each run by its arrival: no GOP")
                    .isLessThan(Duration.ofMillis(1_500));
            assertThat(api.gaps(id, from, to)).isEmpty();
            api.delete("/api/v1/cameras/" + id).expect(204);
        }
    }

    /** By the camera's own clock: how pictures arrived does not matter. */
    private static void assertEachPictureFollows(Path file) throws IOException, Mp4Exception {
        try (FileChannel chunk = FileChannel.open(file)) {
            long next = -1;
            for (ChunkScan.Fragment fragment : ChunkScan.of(chunk).fragments()) {
                SampleTable pictures = fragment.header().track(0).orElseThrow();
                for (int i = 0; i < pictures.count(); i++) {
                    assertThat(pictures.decodeTime()[i])
                            .as("90 kHz, picture %d of a fragment at %d", i, fragment.offset())
                            .isEqualTo(next < 0 ? pictures.decodeTime()[i] : next);
                    next = pictures.decodeTime()[i] + PICTURE_90K;
                }
            }
        }
    }

    /** {@return how the packets of a camera travel, by its status} */
    private String transport(String id) {
        return api.get("/api/v1/cameras/" + id)
                .expect(200)
                .json()
                .at("/status/streams/0/transport")
                .asText();
    }
}
