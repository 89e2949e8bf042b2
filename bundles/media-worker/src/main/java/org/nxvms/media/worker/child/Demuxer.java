// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.SourceOrder;
import org.nxvms.media.worker.wire.TrackFacts;

/** FFmpeg's demultiplexer around one source: opens it, chooses at most one video and one audio track, reads packets. One thread. */
final class Demuxer implements AutoCloseable {
    private static final int VIDEO_CLOCK_RATE = 90_000;
    private static final long NONE = avutil.AV_NOPTS_VALUE;

    /** One chosen track. */
    private record Track(int streamIndex, TrackFacts facts, long timeBaseNumerator, long timeBaseDenominator) {
        long ticks(long timestamp) {
            return avutil.av_rescale(timestamp, timeBaseNumerator * facts.clockRate(), timeBaseDenominator);
        }

        long microseconds(long timestamp) {
            return avutil.av_rescale(timestamp, timeBaseNumerator * 1_000_000, timeBaseDenominator);
        }
    }

    /** Asked by FFmpeg while it waits. */
    private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
        private final Watchdog watchdog;
        private final Ways ways;

        Interrupt(Watchdog watchdog, Ways ways) {
            this.watchdog = watchdog;
            this.ways = ways;
        }

        @Override
        public int call(Pointer opaque) {
            return watchdog.overdue() || ways.refusal().isPresent() ? 1 : 0;
        }
    }

    private final SourceOrder order;
    private final Ways ways;
    private final Watchdog watchdog;
    private final LogTap log;
    private final Interrupt interrupt;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private AVFormatContext context;
    /** FFmpeg calls it as long as the context lives. */
    private Connections connections;

    private List<Track> tracks = List.of();
    private boolean untimed;

    Demuxer(SourceOrder order, Door door, Watchdog watchdog, LogTap log) throws SourceFailure {
        this.order = order;
        this.ways = new Ways(order, door);
        this.watchdog = watchdog;
        this.log = log;
        this.interrupt = new Interrupt(watchdog, ways);
    }

    /** {@return the chosen tracks, video first} */
    List<TrackFacts> open() throws SourceFailure {
        watchdog.expect(order.openTimeoutMs());
        int opened = VideoDevice.is(order.uri()) ? openDevice() : openAddress();
        if (opened < 0) {
            throw failure(opened, "the source cannot be opened");
        }
        watchdog.expect(order.openTimeoutMs());
        int found = avformat.avformat_find_stream_info(context, (AVDictionary) null);
        if (found < 0) {
            throw failure(found, "the source cannot be understood");
        }
        choose();
        watchdog.relax();
        String container = context.iformat().name().getString();
        untimed = !order.uri().startsWith("file:")
                && (container.equals("mpjpeg")
                        || (context.iformat().flags() & avformat.AVFMT_NOTIMESTAMPS) != 0
                        || container.equals("mjpeg"));
        return tracks.stream().map(Track::facts).toList();
    }

    private int openAddress() throws SourceFailure {
        List<Ways.Way> all = ways.all();
        int opened = -1;
        for (int i = 0; i < all.size() && opened < 0; i++) {
            // Each address its share of the time.
            watchdog.expect(order.openTimeoutMs() / all.size());
            opened = open(null, all.get(i).url(), all.get(i).options());
        }
        return opened;
    }

    private int openDevice() throws SourceFailure {
        AVInputFormat demuxer = VideoDevice.demuxer();
        int opened = -1;
        for (Map<String, String> way : VideoDevice.ways(order.uri())) {
            opened = open(demuxer, OpenOptions.url(order), way);
            if (opened >= 0) {
                return opened;
            }
        }
        if (watchdog.overdue()) {
            return opened;
        }
        watchdog.relax();
        throw VideoDevice.failure(opened, log.takeLastError());
    }

    /** @param format null where FFmpeg finds out by itself */
    private int open(AVInputFormat format, String url, Map<String, String> more) {
        context = avformat.avformat_alloc_context();
        AVIOInterruptCB callback = new AVIOInterruptCB();
        callback.callback(interrupt);
        context.interrupt_callback(callback);
        if (connections != null) {
            connections.close();
        }
        connections = new Connections(context, ways);
        AVDictionary options = new AVDictionary(null);
        OpenOptions.options(order).forEach((name, value) -> avutil.av_dict_set(options, name, value, 0));
        more.forEach((name, value) -> avutil.av_dict_set(options, name, value, 0));
        int opened = avformat.avformat_open_input(context, url, format, options);
        avutil.av_dict_free(options);
        if (opened < 0) {
            // FFmpeg has freed the context.
            context = null;
        }
        return opened;
    }

    private SourceFailure failure(int error, String what) {
        boolean late = watchdog.overdue();
        watchdog.relax();
        Optional<SourceFailure> said = ways.refusal();
        if (late && said.isEmpty()) {
            return new SourceFailure(
                    EndReason.UNREACHABLE, what + ": nothing came within " + order.openTimeoutMs() / 1000 + " s");
        }
        return said.or(ways::takeFailure)
                .map(why -> new SourceFailure(why.reason(), what + ": " + why.getMessage()))
                .orElseGet(() -> SourceFailure.of(error, what, log.takeLastError()));
    }

    private void choose() throws SourceFailure {
        int video = best(avutil.AVMEDIA_TYPE_VIDEO, -1);
        if (video < 0) {
            throw new SourceFailure(EndReason.UNSUPPORTED, "the source holds no video");
        }
        int audio = best(avutil.AVMEDIA_TYPE_AUDIO, video);
        List<Track> chosen = new ArrayList<>();
        chosen.add(track(video));
        if (audio >= 0) {
            chosen.add(track(audio));
        }
        tracks = List.copyOf(chosen);
        for (int i = 0; i < context.nb_streams(); i++) {
            if (i != video && i != audio) {
                // Also keeps a playlist's other variants from being fetched.
                context.streams(i).discard(avcodec.AVDISCARD_ALL);
            }
        }
    }

    private int best(int kind, int related) {
        return avformat.av_find_best_stream(context, kind, -1, related, (AVCodec) null, 0);
    }

    private Track track(int index) {
        AVStream stream = context.streams(index);
        AVCodecParameters parameters = stream.codecpar();
        boolean video = parameters.codec_type() == avutil.AVMEDIA_TYPE_VIDEO;
        AVRational rate = stream.avg_frame_rate();
        TrackFacts facts = new TrackFacts(
                avcodec.avcodec_get_name(parameters.codec_id()).getString(),
                video,
                video ? VIDEO_CLOCK_RATE : Math.max(1, parameters.sample_rate()),
                parameters.width(),
                parameters.height(),
                video && rate.den() > 0 ? (int) Math.min(1_000_000, 1000L * rate.num() / rate.den()) : 0,
                video ? 0 : parameters.ch_layout().nb_channels(),
                copy(parameters.extradata(), parameters.extradata_size()));
        AVRational timeBase = stream.time_base();
        return new Track(index, facts, timeBase.num(), timeBase.den());
    }

    private static byte[] copy(BytePointer data, long size) {
        if (data == null || data.isNull() || size <= 0 || size > TrackFacts.CONFIGURATION_BYTES_MAX) {
            return new byte[0];
        }
        byte[] bytes = new byte[(int) size];
        data.get(bytes);
        return bytes;
    }

    /**
     * Reads the next packet of a chosen track.
     *
     * @return its track's index, or -1 at the end of the source
     */
    int read() throws SourceFailure {
        while (true) {
            avcodec.av_packet_unref(packet);
            watchdog.expect(order.readTimeoutMs());
            int result = avformat.av_read_frame(context, packet);
            boolean late = watchdog.overdue();
            watchdog.relax();
            if (result >= 0) {
                int stream = packet.stream_index();
                for (int i = 0; i < tracks.size(); i++) {
                    if (tracks.get(i).streamIndex() == stream) {
                        return i;
                    }
                }
            } else if (late && ways.refusal().isEmpty()) {
                throw new SourceFailure(EndReason.STALLED, "nothing came for " + order.readTimeoutMs() / 1000 + " s");
            } else if (result == avutil.AVERROR_EOF) {
                return -1;
            } else {
                throw failure(result, "the stream broke off");
            }
        }
    }

    /** Begins again at the start. */
    void rewind() throws SourceFailure {
        int result =
                avformat.av_seek_frame(context, -1, Math.max(0, context.start_time()), avformat.AVSEEK_FLAG_BACKWARD);
        if (result < 0) {
            throw SourceFailure.of(result, "the source cannot begin again", log.takeLastError());
        }
    }

    // ---- the packet read last ----

    /** {@return whether the source says nothing of time, so that arrival has to serve} */
    boolean untimed() {
        return untimed;
    }

    /** {@return presentation time in ticks of the track; {@link Long#MIN_VALUE} when the container does not say} */
    long ticks(int track) {
        long timestamp = packet.pts() == NONE ? packet.dts() : packet.pts();
        return timestamp == NONE ? Long.MIN_VALUE : tracks.get(track).ticks(timestamp);
    }

    /** {@return decode time; {@link Long#MIN_VALUE} when the container does not say} */
    long decodeUs(int track) {
        long timestamp = packet.dts() == NONE ? packet.pts() : packet.dts();
        return timestamp == NONE ? Long.MIN_VALUE : tracks.get(track).microseconds(timestamp);
    }

    boolean key() {
        return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
    }

    int size() {
        return packet.size();
    }

    void copyTo(byte[] into) {
        packet.data().get(into, 0, packet.size());
    }

    /** {@return the track's description when this packet changed it, otherwise null} */
    TrackFacts changed(int track) {
        if (packet.side_data_elems() == 0) {
            return null;
        }
        try (SizeTPointer size = new SizeTPointer(1)) {
            BytePointer data = avcodec.av_packet_get_side_data(packet, avcodec.AV_PKT_DATA_NEW_EXTRADATA, size);
            byte[] configuration = data == null ? new byte[0] : copy(data, size.get());
            TrackFacts old = tracks.get(track).facts();
            return configuration.length == 0
                    ? null
                    : new TrackFacts(
                            old.codec(),
                            old.video(),
                            old.clockRate(),
                            old.width(),
                            old.height(),
                            old.frameRateMilli(),
                            old.channels(),
                            configuration);
        }
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        if (context != null) {
            avformat.avformat_close_input(context);
        }
        if (connections != null) {
            connections.close();
        }
        ways.close();
    }
}
