// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.live.webrtc.rtp.H264Packetizer;
import org.nxvms.live.webrtc.rtp.Packet;
import org.nxvms.live.webrtc.rtp.PacketLog;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;

/**
 * One stream as its viewers share it: reads the hub's ring, cuts access units into packets once for all, keeps the newest of them.
 * The ring's writer never notices. The pump's thread.
 */
final class Feed implements AutoCloseable {
    /** Without viewers it is kept this long, for reloads and tours. */
    static final long UNUSED_MS_MAX = 5_000;

    /** 16 384 packets are 19 MB, and more than ten seconds of 10 Mbit/s. */
    private static final int VIDEO_PACKETS_MAX = 16_384;
    /** Ten seconds of 50 packets a second. */
    private static final int AUDIO_PACKETS_MAX = 512;

    private static final long AUDIO_BYTES_MAX = 1 << 20;
    /** Access units taken at one tick, so that one stream that returns does not hold up the others. */
    private static final int TAKEN_MAX = 512;
    /** What sounds fit in one datagram; longer ones are cut where the codec allows it. */
    private static final int SOUND_BYTES_MAX = H264Packetizer.PAYLOAD_BYTES_MAX;

    private final StreamId stream;
    private final PacketLog video = new PacketLog(VIDEO_PACKETS_MAX);
    private final PacketLog audio = new PacketLog(AUDIO_PACKETS_MAX);
    private final ReaderBell bell;
    private StreamReader reader;
    private boolean hung;
    private boolean more;
    private H264Packetizer packetizer;
    private RunClock videoClock;
    private RunClock audioClock;
    private int audioTrack = -1;
    private Optional<TrackFormat> sound = Optional.empty();
    private boolean keyNeeded = true;
    private long run = Long.MIN_VALUE;
    private Optional<Refusal> refusal = Optional.empty();
    private boolean broken;
    private int viewers;
    private long unusedSinceMs;

    /** @param bell rung when there is something to take */
    Feed(StreamId stream, ReaderBell bell, long nowMs) {
        this.stream = stream;
        this.bell = bell;
        this.unusedSinceMs = nowMs;
    }

    StreamId stream() {
        return stream;
    }

    PacketLog video() {
        return video;
    }

    PacketLog audio() {
        return audio;
    }

    /** {@return the sound that may be sent, of the run at hand} */
    Optional<TrackFormat> sound() {
        return sound;
    }

    /** {@return why the stream cannot go on this way} */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /** Passes on nothing more, and sends viewers away: something that should not happen did, and may happen again. */
    void breakOff(Refusal why) {
        close();
        broken = true;
        refusal = Optional.of(why);
    }

    void join() {
        viewers++;
    }

    void leave(long nowMs) {
        viewers--;
        unusedSinceMs = nowMs;
    }

    /** {@return whether it may be let go} What is encoded anew waits for reloads itself, and others wait for its place. */
    boolean isForgotten(long nowMs) {
        return viewers == 0 && (stream.rendition() || nowMs - unusedSinceMs >= UNUSED_MS_MAX);
    }

    /** {@return whether nobody has to look here before the bell is rung} */
    boolean rings() {
        return broken || hung && !more;
    }

    /** Takes what is new, and holds at most so many bytes of pictures. */
    void take(StreamHub hub, long bytesMax) {
        if (broken) {
            return;
        }
        if (reader == null) {
            reader = hub.openReader(stream, "live-webrtc", ReaderStart.NEWEST_KEY);
            hung = reader.ringAt(bell, false);
        }
        more = false;
        for (int i = 0; i < TAKEN_MAX; i++) {
            switch (reader.poll()) {
                case StreamReader.ACCESS_UNIT -> accessUnit(bytesMax);
                case StreamReader.RUN_START -> startRun();
                case StreamReader.RUN_END -> {
                    // The last picture stays; the next run begins with a key frame.
                }
                case StreamReader.LAPPED -> keyNeeded = true;
                case StreamReader.CLOSED -> {
                    // Removed, or the hub was replaced: begin anew at the next tick.
                    close();
                    return;
                }
                default -> {
                    return;
                }
            }
        }
        more = true;
    }

    private void startRun() {
        if (reader.run() == run) {
            return;
        }
        run = reader.run();
        keyNeeded = true;
        StreamFormat format = reader.format();
        refusal = Refusal.ofFormat(format);
        packetizer = refusal.isPresent() ? null : packetizer(format);
        videoClock = new RunClock(90_000, videoClock);
        audioTrack = -1;
        sound = Optional.empty();
        for (int track = 0; track < format.tracks().size() && sound.isEmpty(); track++) {
            if (Agreed.isSound(format.tracks().get(track))) {
                audioTrack = track;
                sound = Optional.of(format.tracks().get(track));
                audioClock = new RunClock(sound.get().clockRate(), audioClock);
            }
        }
        // Sound that is not sent wakes nobody.
        hung = reader.ringAt(bell, sound.isEmpty());
    }

    private static H264Packetizer packetizer(StreamFormat format) {
        try {
            AvcConfig config = AvcConfig.parse(format.video().orElseThrow().configuration());
            List<byte[]> sets = new ArrayList<>(config.sps());
            sets.addAll(config.pps());
            return new H264Packetizer(sets);
        } catch (NalException unreadable) {
            // The sets may stand in the stream itself.
            return new H264Packetizer(List.of());
        }
    }

    private void accessUnit(long bytesMax) {
        if (reader.run() != run) {
            startRun();
        }
        if (packetizer == null) {
            return;
        }
        if (reader.track() == 0) {
            picture(bytesMax);
        } else if (reader.track() == audioTrack) {
            addSound();
        }
    }

    private void picture(long bytesMax) {
        boolean key = reader.key();
        if (keyNeeded && !key) {
            return;
        }
        if (videoClock.goesBack(reader.timestamp())) {
            refusal = Optional.of(Refusal.REORDERED);
            packetizer = null;
            return;
        }
        List<byte[]> payloads = packetizer.cut(reader.data(), key);
        if (!reader.intact() || payloads.isEmpty()) {
            keyNeeded = true;
            return;
        }
        keyNeeded = false;
        long time = videoClock.time(reader.timestamp(), reader.wallUs());
        for (int i = 0; i < payloads.size(); i++) {
            boolean last = i == payloads.size() - 1;
            video.add(new Packet(payloads.get(i), last, key && i == 0, time, reader.wallUs()), bytesMax);
        }
    }

    private void addSound() {
        byte[] bytes = new byte[reader.length()];
        reader.data().duplicate().get(bytes);
        if (!reader.intact() || bytes.length == 0) {
            return;
        }
        boolean telephone = sound.orElseThrow().codec() != Codec.OPUS;
        if (bytes.length > SOUND_BYTES_MAX && !telephone) {
            return;
        }
        for (int at = 0; at < bytes.length; at += SOUND_BYTES_MAX) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + SOUND_BYTES_MAX));
            // One byte of G.711 is one tick.
            long time = audioClock.time(reader.timestamp() + at, reader.wallUs());
            audio.add(new Packet(part, false, false, time, reader.wallUs()), AUDIO_BYTES_MAX);
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        hung = false;
        packetizer = null;
        run = Long.MIN_VALUE;
        keyNeeded = true;
        refusal = Optional.empty();
    }
}
