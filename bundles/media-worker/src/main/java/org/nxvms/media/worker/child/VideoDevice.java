// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;
import org.nxvms.media.worker.wire.EndReason;

/**
 * A camera at this machine, by Video4Linux: {@code v4l2:///dev/video0?size=1280x720&rate=25&format=mjpeg}. Taken are the pictures
 * that it has compressed itself, since nothing is encoded here.
 */
final class VideoDevice {
    private static final String SCHEME = "v4l2:";
    private static final String DEMUXER = "v4l2";
    /** The smaller stream first. */
    private static final List<String> FORMATS = List.of("h264", "mjpeg");
    /** AVERROR(EINVAL): the device has no pictures of the format. */
    private static final int NOT_OFFERED = -22;

    private VideoDevice() {}

    static boolean is(String uri) {
        return uri.startsWith(SCHEME);
    }

    static String path(String uri) {
        return URI.create(uri).getPath();
    }

    /** What FFmpeg is told, in the order in which it is to be tried. */
    static List<Map<String, String>> ways(String uri) {
        Map<String, String> asked = new LinkedHashMap<>();
        String query = URI.create(uri).getQuery();
        for (String part : query == null ? new String[0] : query.split("&")) {
            String[] pair = part.split("=", 2);
            asked.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        List<String> formats = asked.containsKey("format") ? List.of(asked.get("format")) : FORMATS;
        return formats.stream().map(format -> options(format, asked)).toList();
    }

    private static Map<String, String> options(String format, Map<String, String> asked) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("input_format", format);
        if (asked.containsKey("size")) {
            options.put("video_size", asked.get("size"));
        }
        if (asked.containsKey("rate")) {
            options.put("framerate", asked.get("rate"));
        }
        return options;
    }

    /** @throws SourceFailure where FFmpeg's library for devices cannot be loaded */
    static AVInputFormat demuxer() throws SourceFailure {
        try {
            avdevice.avdevice_register_all();
        } catch (LinkageError missing) {
            throw new SourceFailure(
                    EndReason.UNSUPPORTED,
                    "this server lacks libraries that FFmpeg wants for devices; install Debian's packages libxcb1, libxcb-shm0,"
                            + " libdrm2, libasound2 (libasound2t64) and libpulse0");
        }
        return avformat.av_find_input_format(DEMUXER);
    }

    /** {@return why it could not be opened in any of the ways, if the error number alone would not tell} */
    static SourceFailure failure(int error, String complaint) {
        return error == NOT_OFFERED
                ? new SourceFailure(
                        EndReason.UNSUPPORTED,
                        "the device offers no compressed pictures (H.264 or Motion JPEG) of this size and rate")
                : SourceFailure.of(error, "the device cannot be opened", complaint);
    }
}
