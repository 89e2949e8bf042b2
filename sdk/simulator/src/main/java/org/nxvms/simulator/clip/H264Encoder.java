// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Pictures in, H.264 access units out, one for one: no B-frames, key frames at fixed distance. One thread. */
final class H264Encoder implements AutoCloseable {
    private final AVCodecContext context;
    private final AVFrame frame;
    private final AVPacket packet;
    private final int gopFrames;
    private final List<Clip.AccessUnit> units = new ArrayList<>();
    private int count;

    /** @param fps pictures a second of the clip, of which the variant has each {@code every}-th */
    H264Encoder(ClipVariants.Variant variant, int fps) throws ClipException {
        ClipSpec.Rendition size = variant.size();
        int every = variant.every();
        boolean baseline = variant.profile().equals("Baseline");
        this.gopFrames = variant.gopFrames();
        AVCodec codec = avcodec_find_encoder_by_name("libopenh264");
        if (codec == null) {
            throw new ClipException("this FFmpeg build has no libopenh264 encoder");
        }
        context = avcodec_alloc_context3(codec);
        context.width(size.width()).height(size.height()).pix_fmt(AV_PIX_FMT_YUV420P);
        context.time_base(av_make_q(every, fps)).framerate(av_make_q(fps, every));
        context.bit_rate(size.bitrateBps()).gop_size(gopFrames).max_b_frames(0);
        context.thread_count(1).slices(1);
        AVDictionary options = new AVDictionary(null);
        String profile = baseline ? "constrained_baseline" : variant.profile().toLowerCase(Locale.ROOT);
        av_dict_set(options, "profile", profile, 0);
        av_dict_set(options, "coder", baseline ? "cavlc" : "cabac", 0);
        av_dict_set(options, "rc_mode", variant.constant() ? "bitrate" : "quality", 0);
        ClipException.check(avcodec_open2(context, codec, options), "open the H.264 encoder");
        av_dict_free(options);
        packet = av_packet_alloc();
        frame = av_frame_alloc();
        frame.format(AV_PIX_FMT_YUV420P).width(size.width()).height(size.height());
        ClipException.check(av_frame_get_buffer(frame, 0), "allocate a picture");
    }

    void encode(Picture picture) throws ClipException {
        encode(picture, count % gopFrames == 0);
    }

    /** @param key whether it must be a key frame; another one may become one */
    void encode(Picture picture, boolean key) throws ClipException {
        ClipException.check(av_frame_make_writable(frame), "reuse a picture");
        copy(picture.y, picture.width, picture.height, 0);
        copy(picture.u, picture.width / 2, picture.height / 2, 1);
        copy(picture.v, picture.width / 2, picture.height / 2, 2);
        frame.pts(count);
        frame.pict_type(key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
        count++;
        ClipException.check(avcodec_send_frame(context, frame), "encode a picture");
        drain();
    }

    /** Ends the stream and returns every access unit. */
    List<Clip.AccessUnit> finish() throws ClipException {
        ClipException.check(avcodec_send_frame(context, null), "finish encoding");
        drain();
        if (units.size() != count) {
            throw new ClipException("the encoder made " + units.size() + " pictures of " + count);
        }
        for (int i = 0; i < count; i++) {
            if (units.get(i).key() != (i % gopFrames == 0)) {
                throw new ClipException("the encoder put a key frame where none belongs, or left one out: frame " + i);
            }
        }
        return units;
    }

    /** {@return the picture that was encoded last}, where none is kept for {@link #finish}. */
    Clip.AccessUnit take() throws ClipException {
        if (units.size() != 1) {
            throw new ClipException("the encoder made " + units.size() + " pictures of one");
        }
        return units.remove(0);
    }

    private void copy(byte[] plane, int width, int height, int index) {
        int stride = frame.linesize(index);
        BytePointer data = frame.data(index);
        for (int row = 0; row < height; row++) {
            data.position((long) row * stride).put(plane, row * width, width);
        }
    }

    private void drain() throws ClipException {
        while (true) {
            int result = avcodec_receive_packet(context, packet);
            if (ClipException.isTryLater(result)) {
                return;
            }
            ClipException.check(result, "fetch an encoded picture");
            byte[] bytes = new byte[packet.size()];
            packet.data().get(bytes);
            units.add(new Clip.AccessUnit(bytes, (packet.flags() & AV_PKT_FLAG_KEY) != 0));
            av_packet_unref(packet);
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}
