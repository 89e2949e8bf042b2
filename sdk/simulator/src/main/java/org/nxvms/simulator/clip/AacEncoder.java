// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;

/** Encodes {@link Tones} to a seamless loop of AAC frames. */
final class AacEncoder {
    private static final int BITRATE_BPS = 48_000;

    private AacEncoder() {}

    /** The signal is encoded three times in a row and the middle is taken: its first frame continues its last. */
    static Clip.Audio encode() throws ClipException {
        AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
        AVCodecContext context = avcodec_alloc_context3(codec);
        AVFrame frame = av_frame_alloc();
        AVPacket packet = av_packet_alloc();
        try {
            context.sample_rate(Tones.AAC_RATE).sample_fmt(AV_SAMPLE_FMT_FLTP).bit_rate(BITRATE_BPS);
            av_channel_layout_default(context.ch_layout(), 1);
            context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
            ClipException.check(avcodec_open2(context, codec, (AVDictionary) null), "open the AAC encoder");
            frame.format(AV_SAMPLE_FMT_FLTP).nb_samples(Tones.AAC_FRAME_SAMPLES).sample_rate(Tones.AAC_RATE);
            av_channel_layout_default(frame.ch_layout(), 1);
            ClipException.check(av_frame_get_buffer(frame, 0), "allocate sound");
            List<byte[]> frames = encode(context, frame, packet);
            int loop = Tones.LOOP_SECONDS * Tones.AAC_RATE / Tones.AAC_FRAME_SAMPLES;
            byte[] config = new byte[context.extradata_size()];
            context.extradata().get(config);
            // The encoder starts with one frame of its own delay, so sample 0 of the loop is in frame 1.
            return new Clip.Audio(config, frames.subList(loop + 1, 2 * loop + 1));
        } finally {
            av_packet_free(packet);
            av_frame_free(frame);
            avcodec_free_context(context);
        }
    }

    private static List<byte[]> encode(AVCodecContext context, AVFrame frame, AVPacket packet) throws ClipException {
        float[] samples = Tones.samples(Tones.AAC_RATE);
        List<byte[]> frames = new ArrayList<>();
        for (int sample = 0; sample < samples.length * 3; sample += Tones.AAC_FRAME_SAMPLES) {
            ClipException.check(av_frame_make_writable(frame), "reuse a sound buffer");
            new FloatPointer(frame.data(0)).put(samples, sample % samples.length, Tones.AAC_FRAME_SAMPLES);
            frame.pts(sample);
            ClipException.check(avcodec_send_frame(context, frame), "encode sound");
            drain(context, packet, frames);
        }
        ClipException.check(avcodec_send_frame(context, null), "finish encoding sound");
        drain(context, packet, frames);
        return frames;
    }

    private static void drain(AVCodecContext context, AVPacket packet, List<byte[]> frames) throws ClipException {
        while (true) {
            int result = avcodec_receive_packet(context, packet);
            if (ClipException.isTryLater(result)) {
                return;
            }
            ClipException.check(result, "fetch encoded sound");
            byte[] bytes = new byte[packet.size()];
            packet.data().get(bytes);
            frames.add(bytes);
            av_packet_unref(packet);
        }
    }
}
