// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

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
import org.nxvms.media.worker.wire.StillOrder;

/**
 * Decodes a key frame, and what follows it up to the picture that is wanted, scales that and encodes it as JPEG, or tells how
 * bright it is.
 */
final class StillMaker implements AutoCloseable {
    private static final long PIXELS_MAX = 8192L * 8192;
    /** FFmpeg's scale runs from 2 (best) to 31; 4 shows no artefacts at a sixth of the size of 1. */
    private static final int QUALITY = 4;

    private final StillOrder order;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame decoded = avutil.av_frame_alloc();
    private final AVFrame scaled = avutil.av_frame_alloc();
    private AVCodecContext decoder;
    private AVCodecContext encoder;
    private SwsContext scaler;
    private boolean found;

    /** No picture comes out of it. */
    static final class Undecodable extends Exception {
        private static final long serialVersionUID = 1L;

        Undecodable(String message) {
            super(message);
        }
    }

    StillMaker(StillOrder order) {
        this.order = order;
    }

    /** Takes the key frame. */
    void begin() throws Undecodable {
        open();
        send(order.key(), avcodec.AV_PKT_FLAG_KEY);
    }

    /** Takes the next in the order of decoding. */
    void add(StillOrder.Picture picture) throws Undecodable {
        send(picture, 0);
    }

    /** {@return the picture that is wanted, as it is wanted} When all are taken. */
    byte[] still() throws Undecodable {
        avcodec.avcodec_send_packet(decoder, null);
        receive();
        if (!found) {
            throw new Undecodable("the picture cannot be decoded");
        }
        if (order.lumaRows() > 0) {
            scale(order.widthMax(), order.lumaRows(), avutil.AV_PIX_FMT_GRAY8);
            return brightness();
        }
        int width = Math.min(order.widthMax(), decoded.width()) & ~1;
        int height = (int) Math.max(2, (long) decoded.height() * width / decoded.width()) & ~1;
        scale(Math.max(2, width), height, avutil.AV_PIX_FMT_YUVJ420P);
        return encode();
    }

    private byte[] brightness() {
        byte[] cells = new byte[scaled.width() * scaled.height()];
        BytePointer rows = scaled.data(0);
        for (int row = 0; row < scaled.height(); row++) {
            rows.position((long) row * scaled.linesize(0)).get(cells, row * scaled.width(), scaled.width());
        }
        return cells;
    }

    private void open() throws Undecodable {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name(order.codec());
        if (codec == null || codec.isNull()) {
            throw new Undecodable("this build of FFmpeg does not decode " + order.codec());
        }
        decoder = avcodec.avcodec_alloc_context3(codec);
        decoder.thread_count(1);
        decoder.max_pixels(PIXELS_MAX);
        if (order.lumaRows() > 0) {
            // What it smooths is a few pixels wide, a cell many; without it decoding takes a fifth less.
            decoder.skip_loop_filter(avcodec.AVDISCARD_ALL);
        }
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

    private void send(StillOrder.Picture picture, int flags) throws Undecodable {
        if (found) {
            return;
        }
        byte[] data = picture.data();
        check(avcodec.av_new_packet(packet, data.length), "no memory for the picture");
        packet.data().put(data);
        packet.flags(flags);
        packet.pts(picture.time());
        int sent = avcodec.avcodec_send_packet(decoder, packet);
        avcodec.av_packet_unref(packet);
        // A damaged one before it may cost it some of its parts, and no more.
        check(order.more() == 0 ? sent : 0, "the picture cannot be decoded");
        receive();
    }

    /** Takes what the decoder has ready; of many the one that is wanted stays. */
    private void receive() {
        while (!found && avcodec.avcodec_receive_frame(decoder, decoded) >= 0) {
            found = order.more() == 0 || decoded.best_effort_timestamp() == order.wanted();
        }
    }

    private void scale(int width, int height, int format) throws Undecodable {
        scaled.format(format);
        scaled.width(width);
        scaled.height(height);
        check(avutil.av_frame_get_buffer(scaled, 0), "no memory for the scaled picture");
        scaler = swscale.sws_getContext(
                decoded.width(),
                decoded.height(),
                decoded.format(),
                scaled.width(),
                scaled.height(),
                scaled.format(),
                swscale.SWS_AREA,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        if (scaler == null || scaler.isNull()) {
            throw new Undecodable("pictures of this pixel format cannot be scaled");
        }
        check(
                swscale.sws_scale(
                        scaler,
                        decoded.data(),
                        decoded.linesize(),
                        0,
                        decoded.height(),
                        scaled.data(),
                        scaled.linesize()),
                "the picture cannot be scaled");
    }

    private byte[] encode() throws Undecodable {
        AVCodec codec = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_MJPEG);
        encoder = avcodec.avcodec_alloc_context3(codec);
        encoder.width(scaled.width());
        encoder.height(scaled.height());
        encoder.pix_fmt(scaled.format());
        encoder.color_range(avutil.AVCOL_RANGE_JPEG);
        encoder.time_base(avutil.av_make_q(1, 1));
        encoder.flags(encoder.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
        encoder.global_quality(QUALITY * avutil.FF_QP2LAMBDA);
        check(avcodec.avcodec_open2(encoder, codec, (AVDictionary) null), "the JPEG encoder cannot be set up");
        scaled.quality(encoder.global_quality());
        scaled.pts(0);
        check(avcodec.avcodec_send_frame(encoder, scaled), "the picture cannot be encoded");
        avcodec.av_packet_unref(packet);
        check(avcodec.avcodec_receive_packet(encoder, packet), "the picture cannot be encoded");
        byte[] jpeg = new byte[packet.size()];
        packet.data().get(jpeg);
        return jpeg;
    }

    private static void check(int result, String sentence) throws Undecodable {
        if (result < 0) {
            throw new Undecodable(sentence);
        }
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(decoded);
        avutil.av_frame_free(scaled);
        if (decoder != null) {
            avcodec.avcodec_free_context(decoder);
        }
        if (encoder != null) {
            avcodec.avcodec_free_context(encoder);
        }
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
        }
    }
}
