// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;

/** FFmpeg as a player of the server's HLS playlists and DASH manifests. */
final class HttpPlayer {
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
