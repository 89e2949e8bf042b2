// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** FFmpeg's decoder, to see what a viewer would see. */
final class H264Decoder {
    /** A decoded picture's luma. */
    record Luma(byte[] bytes, int stride, int width, int height) {}

    private H264Decoder() {}

    static void decode(Clip.Video video, Consumer<Luma> sink) throws ClipException {
        AVCodec codec = avcodec_find_decoder(AV_CODEC_ID_H264);
        AVCodecContext context = avcodec_alloc_context3(codec);
        AVPacket packet = av_packet_alloc();
        AVFrame frame = av_frame_alloc();
        try {
            context.thread_count(1);
            ClipException.check(avcodec_open2(context, codec, (AVDictionary) null), "open the decoder");
            for (Clip.AccessUnit unit : video.accessUnits()) {
                ClipException.check(av_new_packet(packet, unit.annexB().length), "allocate");
                packet.data().put(unit.annexB());
                ClipException.check(avcodec_send_packet(context, packet), "decode");
                av_packet_unref(packet);
                drain(context, frame, sink);
            }
            avcodec_send_packet(context, null);
            drain(context, frame, sink);
        } finally {
            av_packet_free(packet);
            av_frame_free(frame);
            avcodec_free_context(context);
        }
    }

    private static void drain(AVCodecContext context, AVFrame frame, Consumer<Luma> sink) {
        while (avcodec_receive_frame(context, frame) >= 0) {
            int stride = frame.linesize(0);
            byte[] bytes = new byte[stride * frame.height()];
            frame.data(0).get(bytes);
            sink.accept(new Luma(bytes, stride, frame.width(), frame.height()));
        }
    }
}
