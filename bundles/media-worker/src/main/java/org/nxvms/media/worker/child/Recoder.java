// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.TrackFacts;
import org.nxvms.media.worker.wire.TranscodeOrder;

/**
 * Decodes pictures, scales them, and encodes them as H.264 of the constrained baseline profile, which every browser shows and which
 * has no B-frames. One thread each for decoding and encoding, the same one: an encoding costs one core at most.
 */
final class Recoder implements AutoCloseable {
    /** 8192 x 4320, the largest there is. */
    private static final int PIXELS_MAX = 8192 * 4320;

    private static final int CLOCK_RATE = 90_000;
    private static final int KEY = 1;
    /** Of a usual camera's picture, so that 1080p has 5, 480p has 1 Mbit/s at 25 pictures a second. */
    private static final double BITS_PER_PIXEL = 0.1;

    private static final int KILOBITS_MIN = 150;
    private static final int KILOBITS_MAX = 8_000;
    private static final double FRAME_RATE_GUESS = 25;

    private final TranscodeOrder order;
    private final FrameWriter out;
    private final Optional<SoundRecoder> sound;
    private final Burn burn;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame decoded = avutil.av_frame_alloc();
    private final AVFrame scaled = avutil.av_frame_alloc();
    private AVCodecContext decoder;
    private AVCodecContext encoder;
    private SwsContext scaler;
    private int sourceWidth;
    private int sourceHeight;
    private int sourceFormat;
    private long keyDue = Long.MIN_VALUE;
    private long newest = Long.MIN_VALUE;
    private byte[] payload = new byte[64 << 10];
    private boolean mute;

    /** Nothing can be made of such a stream. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    Recoder(TranscodeOrder order, FrameWriter out) {
        this.order = order;
        this.out = out;
        this.sound = order.sound().map(of -> new SoundRecoder(of, out));
        this.burn = new Burn(order.masks());
    }

    /** Says what is written into the picture of that time, before the picture is taken. */
    void caption(long timestamp, String text) {
        burn.caption(timestamp, text);
    }

    /**
     * Takes one picture and sends what comes of it and those before.
     *
     * @return whether a picture came of it
     */
    boolean take(boolean key, long timestamp, byte[] data) throws IOException, Unusable {
        if (decoder == null) {
            openDecoder();
        }
        check(avcodec.av_new_packet(packet, data.length), "no memory for a picture");
        packet.data().put(data);
        packet.pts(timestamp);
        packet.flags(key ? avcodec.AV_PKT_FLAG_KEY : 0);
        // What it cannot decode it says nothing about but that no picture comes.
        avcodec.avcodec_send_packet(decoder, packet);
        avcodec.av_packet_unref(packet);
        return receive();
    }

    /** Sends what decoder and encoder still hold; nothing may follow. */
    void finish() throws IOException, Unusable {
        if (decoder != null) {
            avcodec.avcodec_send_packet(decoder, null);
            receive();
        }
        if (encoder != null) {
            avcodec.avcodec_send_frame(encoder, null);
            sendAll();
        }
    }

    private boolean receive() throws IOException, Unusable {
        boolean any = false;
        while (avcodec.avcodec_receive_frame(decoder, decoded) >= 0) {
            any = true;
            picture();
            avutil.av_frame_unref(decoded);
        }
        return any;
    }

    private void openDecoder() throws Unusable {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name(order.codec());
        require(codec, "this build of FFmpeg does not decode " + order.codec());
        decoder = avcodec.avcodec_alloc_context3(codec);
        decoder.thread_count(1);
        decoder.max_pixels(PIXELS_MAX);
        decoder.pkt_timebase(avutil.av_make_q(1, CLOCK_RATE));
        byte[] configuration = order.configuration();
        if (configuration.length > 0) {
            BytePointer extradata =
                    new BytePointer(avutil.av_mallocz(configuration.length + avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
            extradata.put(configuration);
            decoder.extradata(extradata);
            decoder.extradata_size(configuration.length);
        }
        check(avcodec.avcodec_open2(decoder, codec, (AVDictionary) null), "the decoder cannot be set up");
    }

    private void picture() throws IOException, Unusable {
        long timestamp = decoded.best_effort_timestamp();
        if (timestamp == avutil.AV_NOPTS_VALUE || timestamp <= newest) {
            // The encoder wants each picture later than the one before.
            return;
        }
        newest = timestamp;
        if (timestamp < order.fromTimestamp()) {
            return;
        }
        if (encoder == null
                || decoded.width() != sourceWidth
                || decoded.height() != sourceHeight
                || decoded.format() != sourceFormat) {
            open();
        }
        check(avutil.av_frame_make_writable(scaled), "no memory for a picture");
        check(
                swscale.sws_scale(
                        scaler,
                        decoded.data(),
                        decoded.linesize(),
                        0,
                        decoded.height(),
                        scaled.data(),
                        scaled.linesize()),
                "a picture cannot be scaled");
        burn.into(scaled, timestamp);
        scaled.pts(timestamp);
        boolean key = timestamp >= keyDue;
        if (key) {
            keyDue = timestamp + (long) order.keySeconds() * CLOCK_RATE;
        }
        scaled.pict_type(key ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
        check(avcodec.avcodec_send_frame(encoder, scaled), "a picture cannot be encoded");
        sendAll();
    }

    private void sendAll() throws IOException {
        while (avcodec.avcodec_receive_packet(encoder, packet) >= 0) {
            send();
            avcodec.av_packet_unref(packet);
        }
    }

    private void send() throws IOException {
        int size = packet.size();
        if (payload.length < size) {
            payload = new byte[Math.max(size, payload.length * 2)];
        }
        packet.data().get(payload, 0, size);
        out.unit(0, (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0 ? KEY : 0, packet.pts(), payload, size);
    }

    /** Scaler and encoder for pictures of this size; anew when a camera changes it amidst a run. */
    private void open() throws IOException, Unusable {
        boolean first = encoder == null;
        freeEncoder();
        sourceWidth = decoded.width();
        sourceHeight = decoded.height();
        sourceFormat = decoded.format();
        int height = order.heightMax() == 0 ? sourceHeight : Math.min(order.heightMax(), sourceHeight);
        height = Math.max(16, height & ~1);
        int width = Math.max(16, (int) ((long) sourceWidth * height / sourceHeight) & ~1);
        scaled.format(avutil.AV_PIX_FMT_YUV420P);
        scaled.width(width);
        scaled.height(height);
        check(avutil.av_frame_get_buffer(scaled, 0), "no memory for a picture");
        scaler = swscale.sws_getContext(
                sourceWidth,
                sourceHeight,
                sourceFormat,
                width,
                height,
                avutil.AV_PIX_FMT_YUV420P,
                width == sourceWidth && height == sourceHeight ? swscale.SWS_POINT : swscale.SWS_FAST_BILINEAR,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        require(scaler, "pictures of this pixel format cannot be scaled");
        burn.size(width, height);
        openEncoder(width, height);
        keyDue = Long.MIN_VALUE;
        if (first) {
            List<TrackFacts> tracks = new ArrayList<>();
            tracks.add(new TrackFacts("h264", true, CLOCK_RATE, width, height, order.frameRateMilli(), 0, new byte[0]));
            sound.ifPresent(of ->
                    tracks.add(new TrackFacts("opus", false, SoundRecoder.RATE, 0, 0, 0, of.channels(), new byte[0])));
            out.write(FrameType.OPENED, TrackFacts.list(tracks));
        }
    }

    private void openEncoder(int width, int height) throws Unusable {
        AVCodec codec = avcodec.avcodec_find_encoder_by_name("libopenh264");
        require(codec, "this build of FFmpeg has no encoder for H.264");
        double rate = order.frameRateMilli() > 0 ? order.frameRateMilli() / 1000.0 : FRAME_RATE_GUESS;
        long kilobits = order.kilobits() > 0
                ? order.kilobits()
                : Math.max(
                        KILOBITS_MIN,
                        Math.min(KILOBITS_MAX, Math.round(width * height * rate * BITS_PER_PIXEL / 1000)));
        encoder = avcodec.avcodec_alloc_context3(codec);
        encoder.width(width);
        encoder.height(height);
        encoder.pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        encoder.time_base(avutil.av_make_q(1, CLOCK_RATE));
        encoder.framerate(avutil.av_make_q((int) Math.max(1_000, Math.min(120_000, rate * 1000)), 1000));
        encoder.bit_rate(kilobits * 1000);
        encoder.rc_max_rate(kilobits * 1500);
        // Key frames come by the clock; this is never reached.
        encoder.gop_size(10_000);
        encoder.max_b_frames(0);
        encoder.thread_count(1);
        encoder.slices(1);
        AVDictionary options = new AVDictionary(null);
        avutil.av_dict_set(options, "profile", "constrained_baseline", 0);
        avutil.av_dict_set(options, "rc_mode", "bitrate", 0);
        int opened = avcodec.avcodec_open2(encoder, codec, options);
        avutil.av_dict_free(options);
        check(opened, "the H.264 encoder cannot be set up for pictures of " + width + " x " + height);
    }

    /** Sound before the first picture is left out, and sound that cannot be encoded: pictures go on without. */
    void sound(long timestamp, byte[] data) throws IOException {
        if (encoder == null || mute || sound.isEmpty()) {
            return;
        }
        try {
            sound.get().take(timestamp, data);
        } catch (Unusable unusable) {
            mute = true;
            out.write(FrameType.LOG, new Body().text(unusable.getMessage()).toBytes());
        }
    }

    static void require(Pointer made, String sentence) throws Unusable {
        if (made == null || made.isNull()) {
            throw new Unusable(sentence);
        }
    }

    static void check(int result, String sentence) throws Unusable {
        if (result < 0) {
            throw new Unusable(sentence);
        }
    }

    private void freeEncoder() {
        avutil.av_frame_unref(scaled);
        if (encoder != null) {
            avcodec.avcodec_free_context(encoder);
            encoder = null;
        }
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
            scaler = null;
        }
    }

    @Override
    public void close() {
        sound.ifPresent(SoundRecoder::close);
        freeEncoder();
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(decoded);
        avutil.av_frame_free(scaled);
        if (decoder != null) {
            avcodec.avcodec_free_context(decoder);
        }
    }
}
