// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.nxvms.itests.harness.Api;

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
        return pictures(
                "archive/" + cameraId + "/" + list + "&from=" + Api.escaped(from.toString()) + "&to="
                        + Api.escaped(to.toString()),
                count);
    }

    /** {@return the same of what comes} */
    List<String> live(String list, String cameraId, int count) {
        return pictures("live/" + cameraId + "/" + list, count);
    }

    private List<String> pictures(String path, int count) {
        return Played.pictures(
                folder,
                count,
                "-headers",
                "Authorization: Bearer " + api.token() + "\r\n",
                "-i",
                api.base() + "/media/v1/" + path);
    }
}
