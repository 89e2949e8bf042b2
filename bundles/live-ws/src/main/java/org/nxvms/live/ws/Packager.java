// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * Makes a fragment of each access unit of one run. The duration of an access unit is not known when it must
 * be sent; it is that of the one before, and {@code tfdt} of the next one tells the truth. One thread.
 */
final class Packager {
    /** Without pictures, a viewer may begin once a second. */
    private static final long AUDIO_KEY_US = 1_000_000;

    private final LiveFormat format;
    private final FragmentBuilder builder;
    private final DecodeTimes[] decodeTimes;
    private final long[] lastDecodeTime;
    private final long[] duration;
    private int sequence;
    private long audioKeyUs = Long.MIN_VALUE;
    private boolean needsKey = true;

    Packager(LiveFormat format) {
        this.format = format;
        int tracks = format.sent().tracks().size();
        builder = new FragmentBuilder(tracks, 1);
        decodeTimes = new DecodeTimes[tracks];
        lastDecodeTime = new long[tracks];
        duration = new long[tracks];
        for (int i = 0; i < tracks; i++) {
            decodeTimes[i] = new DecodeTimes(
                    TrackFormats.reorderDepth(format.sent().tracks().get(i)));
            lastDecodeTime[i] = Long.MIN_VALUE;
            duration[i] = TrackFormats.unitTicks(format.sent().tracks().get(i));
        }
    }

    LiveFormat format() {
        return format;
    }

    /** Access units were missed: nothing is made until the next key frame. */
    void missed() {
        needsKey = true;
        for (int i = 0; i < decodeTimes.length; i++) {
            decodeTimes[i].restart();
            lastDecodeTime[i] = Long.MIN_VALUE;
        }
    }

    /**
     * {@return the access unit the reader stands on as a fragment; empty when its track is not sent, a key
     * frame is needed first, or the writer overtook the reader meanwhile}
     */
    Optional<Fragment> take(StreamReader reader) {
        int track = format.liveTrack(reader.track());
        if (track < 0) {
            return Optional.empty();
        }
        boolean key = isStart(track, reader);
        if (needsKey && !key) {
            return Optional.empty();
        }
        needsKey = false;
        long presented = Math.max(0, reader.timestamp());
        long decoded = decodeTimes[track].next(presented);
        if (lastDecodeTime[track] != Long.MIN_VALUE) {
            duration[track] = decoded - lastDecodeTime[track];
        }
        lastDecodeTime[track] = decoded;
        builder.begin(++sequence);
        builder.add(track, decoded, presented, reader.length(), reader.key());
        builder.endAt(track, decoded + duration[track]);
        builder.wallClock(reader.wallUs());
        ByteBuffer bytes = ByteBuffer.allocate(builder.headerBytes() + reader.length());
        builder.writeHeader(bytes);
        bytes.put(reader.data());
        if (!reader.intact()) {
            missed();
            return Optional.empty();
        }
        return Optional.of(new Fragment(format, bytes.flip(), key));
    }

    private boolean isStart(int track, StreamReader reader) {
        if (format.hasVideo()) {
            return track == 0 && reader.key();
        }
        if (audioKeyUs != Long.MIN_VALUE
                && reader.wallUs() >= audioKeyUs
                && reader.wallUs() - audioKeyUs < AUDIO_KEY_US) {
            return false;
        }
        audioKeyUs = reader.wallUs();
        return true;
    }
}
