// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.media.kit.live.UnitTimes;

/**
 * Makes a fragment of each access unit of one run. The duration of an access unit is not known when it must
 * be sent; it is that of the one before, and {@code tfdt} of the next one tells the truth. One thread.
 */
final class Packager {
    private final LiveFormat format;
    private final int feed;
    private final FragmentBuilder builder;
    private final UnitTimes times;
    private int sequence;

    /** @param feed number of the feed it is made for */
    Packager(LiveFormat format, int feed) {
        this.format = format;
        this.feed = feed;
        builder = new FragmentBuilder(format.sent().tracks().size(), 1);
        times = new UnitTimes(format);
    }

    LiveFormat format() {
        return format;
    }

    /** Access units were missed: nothing is made until the next key frame. */
    void missed() {
        times.missed();
    }

    /**
     * {@return the access unit the reader stands on as a fragment; empty when its track is not sent, a key
     * frame is needed first, or the writer overtook the reader meanwhile}
     */
    Optional<Fragment> take(StreamReader reader) {
        if (!times.take(reader)) {
            return Optional.empty();
        }
        int track = times.track();
        builder.begin(++sequence);
        builder.add(track, times.decoded(), times.presented(), reader.length(), reader.key());
        builder.endAt(track, times.decoded() + times.ticks(track));
        builder.wallClock(reader.wallUs());
        ByteBuffer bytes = ByteBuffer.allocate(Media.NUMBER_BYTES + builder.headerBytes() + reader.length());
        bytes.position(Media.NUMBER_BYTES);
        builder.writeHeader(bytes);
        bytes.put(reader.data());
        if (!reader.intact()) {
            missed();
            return Optional.empty();
        }
        return Optional.of(new Fragment(format, Media.of(feed, bytes.flip()), times.start()));
    }
}
