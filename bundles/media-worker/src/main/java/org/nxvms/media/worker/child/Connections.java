// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVFormatContext.Io_open_AVFormatContext_PointerPointer_BytePointer_int_PointerPointer;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Opens everything that FFmpeg opens for a source with the same options: through the {@linkplain Ways proxy} and with
 * certificates verified. Left alone, its HLS demuxer hands on user agent, headers and time-outs, but none of TLS, to playlists,
 * segments and keys, and FFmpeg's option reference calls verification off by default. What is none of the source's ways, such
 * as a protocol that a playlist names and that would go around the proxy, is not opened.
 */
final class Connections extends Io_open_AVFormatContext_PointerPointer_BytePointer_int_PointerPointer {
    /** AVERROR(EACCES) of Linux. */
    private static final int REFUSED = -13;

    private record Option(BytePointer name, BytePointer value) {}

    private final Io_open_AVFormatContext_PointerPointer_BytePointer_int_PointerPointer usual;
    private final Ways ways;
    /** Kept here: FFmpeg copies them at each call. */
    private final List<Option> options = new ArrayList<>();

    /** Puts itself into the way of a context that was not opened yet, which must not outlive this. */
    Connections(AVFormatContext context, Ways ways) {
        this.ways = ways;
        usual = context.io_open();
        ways.each().forEach((name, value) -> options.add(new Option(new BytePointer(name), new BytePointer(value))));
        context.io_open(this);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public int call(
            AVFormatContext context, PointerPointer opened, BytePointer url, int flags, PointerPointer dictionary) {
        if (!ways.mayOpen(url.getString())) {
            return REFUSED;
        }
        for (int i = 0; i < options.size(); i++) {
            int set = avutil.av_dict_set(
                    dictionary, options.get(i).name(), options.get(i).value(), 0);
            if (set < 0) {
                return set;
            }
        }
        return usual.call(context, opened, url, flags, dictionary);
    }
}
