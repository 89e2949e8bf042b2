// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.simulator.clip.FrameStrip;

/** FFmpeg as a player of the server's HLS playlists and DASH manifests. */
final class HttpPlayer {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    /** Of the height: where the number stands. */
    private static final int STRIP = 16;

    private final Api api;
    private final Path folder;

    HttpPlayer(Api api, Path folder) {
        this.api = api;
        this.folder = folder;
    }

    /** {@return a hash of each of the first decoded pictures of an archive's stretch} */
    List<String> archive(String list, String cameraId, Instant from, Instant to, int count) {
        return Played.pictures(folder, count, input(archived(list, cameraId, from, to)));
    }

    /** {@return a hash of each of the first packets of its sound, as they came} */
    List<String> archivedSound(String list, String cameraId, Instant from, Instant to, int count) {
        return Played.soundPackets(folder, count, input(archived(list, cameraId, from, to)));
    }

    /** {@return codecs of its tracks, as ffprobe names them} */
    List<String> archivedTracks(String list, String cameraId, Instant from, Instant to) {
        return tracks(archived(list, cameraId, from, to));
    }

    /** {@return the same of what comes} */
    List<String> liveTracks(String list, String cameraId) {
        return tracks("live/" + cameraId + "/" + list);
    }

    private static String archived(String list, String cameraId, Instant from, Instant to) {
        return "archive/" + cameraId + "/" + list + "&from=" + Api.escaped(from.toString()) + "&to="
                + Api.escaped(to.toString());
    }

    /** {@return the same of what comes} */
    List<String> live(String list, String cameraId, int count) {
        return Played.pictures(folder, count, input("live/" + cameraId + "/" + list));
    }

    /** {@return the numbers that stand in the pictures of a simulated camera, in the order in which they come} */
    List<Integer> liveNumbers(String list, String cameraId, int count) throws IOException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        command.addAll(List.of(input("live/" + cameraId + "/" + list)));
        command.addAll(List.of("-map", "0:v:0", "-frames:v", String.valueOf(count), "-fps_mode", "passthrough"));
        command.addAll(List.of("-vf", "scale=" + WIDTH + ":" + HEIGHT + ",crop=" + WIDTH + ":" + STRIP + ":0:0"));
        Path raw = folder.resolve("live.gray");
        command.addAll(List.of("-pix_fmt", "gray", "-f", "rawvideo", raw.toString()));
        Commands.run(folder, command.toArray(new String[0]));
        byte[] all = Files.readAllBytes(raw);
        List<Integer> numbers = new ArrayList<>();
        for (int at = 0; at < all.length; at += WIDTH * STRIP) {
            int from = at;
            numbers.add(FrameStrip.read((x, y) -> all[from + y * WIDTH + x] & 0xff, WIDTH, HEIGHT)
                    .orElseThrow()
                    .number());
        }
        return numbers;
    }

    private List<String> tracks(String path) {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error"));
        command.addAll(List.of(input(path)));
        command.addAll(List.of("-show_entries", "stream=codec_name", "-of", "csv=p=0"));
        // Those of its programs come first, behind an empty line all of them.
        String found = Commands.run(folder, command.toArray(new String[0])).strip();
        String streams = found.substring(found.lastIndexOf("\n\n") + 1).strip();
        return streams.lines().toList();
    }

    private String[] input(String path) {
        return new String[] {
            "-headers", "Authorization: Bearer " + api.token() + "\r\n", "-i", api.base() + "/media/v1/" + path
        };
    }
}
