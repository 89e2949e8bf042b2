// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;

/** FFmpeg as a player of the server's RTSP addresses, with an API key of its own. */
final class RtspPlayer {
    private static final Path GSTREAMER = Path.of(
                    System.getProperty("nxvms.root"), "itests", "cameras", "gst_player.py")
            .toAbsolutePath();
    private static final int PICTURES_MAX = 10_000;

    private final String server;
    private final Path folder;

    private RtspPlayer(String server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    static RtspPlayer withKey(Api api, int port, Path folder) {
        JsonNode made = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "player",
                                "scopes",
                                List.of("view_live", "view_archive", "listen"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json();
        String login = made.at("/details/id").asText() + ":" + made.get("key").asText();
        return new RtspPlayer("rtsp://" + login + "@127.0.0.1:" + port, folder);
    }

    String live(String cameraId) {
        return server + "/live/" + cameraId;
    }

    String archive(String cameraId, Instant from, Instant to) {
        return server + "/archive/" + cameraId + "?from=" + from + "&to=" + to;
    }

    /** {@return a hash of each of the first decoded pictures} */
    List<String> pictures(int count, String address) {
        return Played.pictures(folder, count, "-rtsp_transport", "tcp", "-i", address);
    }

    /**
     * GStreamer plays, which is another player.
     *
     * @param count of pictures
     * @return a hash of each of its pictures, decoded
     */
    List<String> picturesOfGStreamer(int count, String protocol, String address) {
        Path pictures = folder.resolve(UUID.randomUUID() + ".h264");
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", GSTREAMER.toString()));
        command.addAll(List.of("--file", pictures.toString(), "--protocol", protocol));
        command.addAll(List.of("--pictures", String.valueOf(count), address));
        Commands.run(folder, command.toArray(new String[0]));
        return Played.pictures(folder, PICTURES_MAX, "-i", pictures.toString());
    }

    /** {@return codecs of the tracks, as ffprobe names them} */
    List<String> tracks(String transport, String address) {
        return Commands.run(folder, probe(transport, address)).lines().toList();
    }

    /** {@return the same of a stream that may not be there yet, when there are none} */
    List<String> knows(String address) {
        Commands.Result result = Commands.attempt(folder, probe("tcp", address));
        return result.status() == 0 ? result.output().lines().toList() : List.of();
    }

    private static String[] probe(String transport, String address) {
        return new String[] {
            "ffprobe",
            "-v",
            "error",
            "-rtsp_transport",
            transport,
            "-show_entries",
            "stream=codec_name",
            "-of",
            "csv=p=0",
            address
        };
    }

    /** @param film that is repeated without end */
    static void assertPartOf(List<String> film, List<String> seen) {
        List<String> twice = new ArrayList<>(film);
        twice.addAll(film);
        assertThat(seen).isNotEmpty();
        assertThat(Collections.indexOfSubList(twice, seen))
                .as("where the pictures are in the film, one after the other")
                .isNotNegative();
    }
}
