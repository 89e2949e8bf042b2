// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device's card hands out is a file that FFmpeg reads to its end. */
class MatroskaTest {
    @TempDir
    Path folder;

    @Test
    void aPieceOfTheLoopIsAFileOfItsPicturesInTheirTime() throws Exception {
        Clip clip = TestClips.open();
        int gop = clip.spec().gopFrames();
        long first = 3L * clip.spec().frameCount() - gop; // beyond the end of the loop, and over it
        Path file = folder.resolve("card.mkv");
        try (OutputStream out = Files.newOutputStream(file)) {
            Matroska.write(
                    clip.main(), clip.spec(), first, 2L * gop + 5, Instant.parse("2026-01-01T02:00:00Z"), out::write);
        }
        AVFormatContext context = new AVFormatContext(null);
        assertThat(avformat_open_input(context, file.toString(), null, null)).isZero();
        try {
            assertThat(avformat_find_stream_info(context, (PointerPointer<?>) null))
                    .isNotNegative();
            assertThat(context.nb_streams()).isEqualTo(1);
            assertThat(context.streams(0).codecpar().codec_id()).isEqualTo(AV_CODEC_ID_H264);
            assertThat(context.streams(0).codecpar().width())
                    .isEqualTo(clip.main().width());
            assertThat(av_dict_get(context.metadata(), "creation_time", null, 0)
                            .value()
                            .getString())
                    .startsWith("2026-01-01T02:00:00");
            List<Long> times = new ArrayList<>();
            List<Long> keys = new ArrayList<>();
            AVPacket packet = av_packet_alloc();
            while (av_read_frame(context, packet) == 0) {
                times.add(packet.pts());
                if ((packet.flags() & AV_PKT_FLAG_KEY) != 0) {
                    keys.add(packet.pts());
                }
                av_packet_unref(packet);
            }
            av_packet_free(packet);
            assertThat(times).hasSize(2 * gop + 5).startsWith(0L, 40L, 80L).endsWith((2 * gop + 4) * 40L);
            assertThat(keys).containsExactly(0L, gop * 40L, 2 * gop * 40L);
        } finally {
            avformat_close_input(context);
        }
    }
}
