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

/** FFmpeg's decoder, to see what a viewer would see. One thread. */
final class H264Decoder implements AutoCloseable {
    /** A decoded picture's luma. */
    record Luma(byte[] bytes, int stride, int width, int height) {}

    private final AVCodecContext context;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final Consumer<Luma> sink;

    H264Decoder(Consumer<Luma> sink) throws ClipException {
        this.sink = sink;
        AVCodec codec = avcodec_find_decoder(AV_CODEC_ID_H264);
        context = avcodec_alloc_context3(codec);
        context.thread_count(1);
        ClipException.check(avcodec_open2(context, codec, (AVDictionary) null), "open the decoder");
    }

    static void decode(Clip.Video video, Consumer<Luma> sink) throws ClipException {
        try (H264Decoder decoder = new H264Decoder(sink)) {
            for (Clip.AccessUnit unit : video.accessUnits()) {
                decoder.decode(unit.annexB());
            }
            decoder.finish();
        }
    }

    void decode(byte[] annexB) throws ClipException {
        ClipException.check(av_new_packet(packet, annexB.length), "allocate");
        packet.data().put(annexB);
        ClipException.check(avcodec_send_packet(context, packet), "decode");
        av_packet_unref(packet);
        drain();
    }

    void finish() {
        avcodec_send_packet(context, null);
        drain();
    }

    private void drain() {
        while (avcodec_receive_frame(context, frame) >= 0) {
            int stride = frame.linesize(0);
            byte[] bytes = new byte[stride * frame.height()];
            frame.data(0).get(bytes);
            sink.accept(new Luma(bytes, stride, frame.width(), frame.height()));
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}
