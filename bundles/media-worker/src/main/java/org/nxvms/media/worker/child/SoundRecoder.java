// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.TranscodeOrder;

/**
 * Decodes sound and encodes it as Opus, 20 ms each, which browsers play however it comes to them. Sound that cannot be decoded is left
 * out: pictures go on. One thread.
 */
final class SoundRecoder implements AutoCloseable {
    static final int RATE = 48_000;

    private static final int KEY = 1;
    private static final int FRAME_SAMPLES = RATE / 50;
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int BITS_PER_CHANNEL = 32_000;
    /** A jump of the source's time; below it is rounding. */
    private static final long JUMP_SAMPLES = RATE / 10;
    /** A second: more is in no unit. */
    private static final int PENDING_SAMPLES_MAX = RATE;

    private final TranscodeOrder.Sound order;
    private final FrameWriter out;
    private final int channels;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame decoded = avutil.av_frame_alloc();
    private final AVFrame resampled = avutil.av_frame_alloc();
    private final AVFrame sent = avutil.av_frame_alloc();
    private AVCodecContext decoder;
    private AVCodecContext encoder;
    private SwrContext resampler;
    private byte[] pending = new byte[PENDING_SAMPLES_MAX * 2 * BYTES_PER_SAMPLE];
    private int pendingBytes;
    /** When the first of what is pending sounds. */
    private long pendingAt = Long.MIN_VALUE;

    private byte[] payload = new byte[4_096];

    SoundRecoder(TranscodeOrder.Sound order, FrameWriter out) {
        this.order = order;
        this.out = out;
        this.channels = Math.min(2, Math.max(1, order.channels()));
    }

    int channels() {
        return channels;
    }

    void take(long timestamp, byte[] data) throws IOException, Recoder.Unusable {
        if (decoder == null) {
            open();
        }
        Recoder.check(avcodec.av_new_packet(packet, data.length), "no memory for a sound");
        packet.data().put(data);
        packet.pts(timestamp);
        avcodec.avcodec_send_packet(decoder, packet);
        avcodec.av_packet_unref(packet);
        while (avcodec.avcodec_receive_frame(decoder, decoded) >= 0) {
            resample(decoded.pts() == avutil.AV_NOPTS_VALUE ? timestamp : decoded.pts());
            avutil.av_frame_unref(decoded);
        }
    }

    private void open() throws Recoder.Unusable {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name(order.codec());
        Recoder.require(codec, "this build of FFmpeg does not decode " + order.codec());
        decoder = avcodec.avcodec_alloc_context3(codec);
        decoder.thread_count(1);
        decoder.sample_rate(order.clockRate());
        decoder.pkt_timebase(avutil.av_make_q(1, order.clockRate()));
        avutil.av_channel_layout_default(decoder.ch_layout(), Math.max(1, order.channels()));
        byte[] configuration = order.configuration();
        if (configuration.length > 0) {
            BytePointer extradata =
                    new BytePointer(avutil.av_mallocz(configuration.length + avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
            extradata.put(configuration);
            decoder.extradata(extradata);
            decoder.extradata_size(configuration.length);
        }
        Recoder.check(
                avcodec.avcodec_open2(decoder, codec, (AVDictionary) null), "the sound's decoder cannot be set up");

        AVCodec opus = avcodec.avcodec_find_encoder_by_name("libopus");
        Recoder.require(opus, "this build of FFmpeg has no encoder for Opus");
        encoder = avcodec.avcodec_alloc_context3(opus);
        encoder.sample_rate(RATE);
        encoder.sample_fmt(avutil.AV_SAMPLE_FMT_S16);
        encoder.time_base(avutil.av_make_q(1, RATE));
        encoder.bit_rate((long) channels * BITS_PER_CHANNEL);
        avutil.av_channel_layout_default(encoder.ch_layout(), channels);
        AVDictionary options = new AVDictionary(null);
        avutil.av_dict_set(options, "application", "lowdelay", 0);
        int opened = avcodec.avcodec_open2(encoder, opus, options);
        avutil.av_dict_free(options);
        Recoder.check(opened, "the Opus encoder cannot be set up");
        resampler = swresample.swr_alloc();
        Recoder.require(resampler, "no memory for the sound");
    }

    private void resample(long timestamp) throws IOException, Recoder.Unusable {
        avutil.av_frame_unref(resampled);
        resampled.sample_rate(RATE);
        resampled.format(avutil.AV_SAMPLE_FMT_S16);
        avutil.av_channel_layout_default(resampled.ch_layout(), channels);
        if (swresample.swr_convert_frame(resampler, resampled, decoded) < 0) {
            // Rate or channels are others than before.
            swresample.swr_close(resampler);
            return;
        }
        long at = timestamp / order.clockRate() * RATE + timestamp % order.clockRate() * RATE / order.clockRate();
        long expected = pendingAt + pendingBytes / (channels * BYTES_PER_SAMPLE);
        int bytes = resampled.nb_samples() * channels * BYTES_PER_SAMPLE;
        if (pendingAt == Long.MIN_VALUE
                || Math.abs(at - expected) > JUMP_SAMPLES
                || pendingBytes + bytes > pending.length) {
            pendingBytes = 0;
            pendingAt = at;
        }
        if (bytes <= pending.length) {
            resampled.data(0).get(pending, pendingBytes, bytes);
            pendingBytes += bytes;
        }
        encode();
    }

    private void encode() throws IOException, Recoder.Unusable {
        int frameBytes = FRAME_SAMPLES * channels * BYTES_PER_SAMPLE;
        int from = 0;
        while (pendingBytes - from >= frameBytes) {
            avutil.av_frame_unref(sent);
            sent.nb_samples(FRAME_SAMPLES);
            sent.format(avutil.AV_SAMPLE_FMT_S16);
            sent.sample_rate(RATE);
            avutil.av_channel_layout_default(sent.ch_layout(), channels);
            Recoder.check(avutil.av_frame_get_buffer(sent, 0), "no memory for a sound");
            sent.data(0).put(pending, from, frameBytes);
            sent.pts(pendingAt);
            Recoder.check(avcodec.avcodec_send_frame(encoder, sent), "a sound cannot be encoded");
            while (avcodec.avcodec_receive_packet(encoder, packet) >= 0) {
                send();
                avcodec.av_packet_unref(packet);
            }
            from += frameBytes;
            pendingAt += FRAME_SAMPLES;
        }
        System.arraycopy(pending, from, pending, 0, pendingBytes - from);
        pendingBytes -= from;
    }

    private void send() throws IOException {
        int size = packet.size();
        if (payload.length < size) {
            payload = Arrays.copyOf(payload, size * 2);
        }
        packet.data().get(payload, 0, size);
        // The encoder names the sound some milliseconds early by what it looks ahead.
        out.unit(1, KEY, packet.pts() + encoder.initial_padding(), payload, size);
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(decoded);
        avutil.av_frame_free(resampled);
        avutil.av_frame_free(sent);
        if (decoder != null) {
            avcodec.avcodec_free_context(decoder);
        }
        if (encoder != null) {
            avcodec.avcodec_free_context(encoder);
        }
        if (resampler != null) {
            swresample.swr_free(resampler);
        }
    }
}
