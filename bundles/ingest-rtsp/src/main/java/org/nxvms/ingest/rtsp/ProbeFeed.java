// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AccessUnitSink;

/** Throws every byte away and waits for the first whole key frame. */
final class ProbeFeed implements MediaFeed {
    private static final int UNIT_BYTES_MAX = 8 << 20;

    private final IoLoop loop;
    private final Consumer<StreamFormat> found;
    private FormatSource picture = new AvcParameterSets();
    private double frameRate;
    private final List<FormatSource> sides = new ArrayList<>();
    private boolean started;
    private long lastUnitNs;

    ProbeFeed(IoLoop loop, Consumer<StreamFormat> found) {
        this.loop = loop;
        this.found = found;
        this.lastUnitNs = loop.nowNs();
    }

    @Override
    public AccessUnitSink video(FormatSource source, double framesPerSecond, SenderClock sender) {
        picture = source;
        frameRate = framesPerSecond;
        return new Counter(true);
    }

    @Override
    public AccessUnitSink side(FormatSource source, int clockRate, SenderClock sender) {
        sides.add(source);
        return new Counter(false);
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public Urgency urgency() {
        return Urgency.EACH_TICK;
    }

    @Override
    public long lastUnitNs() {
        return lastUnitNs;
    }

    @Override
    public long lastKeyNs() {
        return lastUnitNs;
    }

    private void keyFrame() {
        try {
            List<TrackFormat> tracks = new ArrayList<>();
            tracks.add(TrackFormats.withFrameRate(picture.format(), frameRate));
            for (FormatSource side : sides) {
                if (side.complete()) {
                    tracks.add(side.format());
                }
            }
            started = true;
            found.accept(new StreamFormat(tracks));
        } catch (NalException notYet) {
            // The next key frame may come with a whole parameter set.
        }
    }

    /** Counts bytes where others store them. */
    private final class Counter implements AccessUnitSink {
        private final boolean video;
        private int bytes;

        Counter(boolean video) {
            this.video = video;
        }

        private boolean add(int count) {
            bytes = Math.min(UNIT_BYTES_MAX + 1, bytes + count);
            return bytes <= UNIT_BYTES_MAX;
        }

        @Override
        public boolean begin(boolean knownKey) {
            bytes = 0;
            return true;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            return add(length);
        }

        @Override
        public boolean appendInt(int value) {
            return add(4);
        }

        @Override
        public boolean appendByte(int value) {
            return add(1);
        }

        @Override
        public int position() {
            return bytes;
        }

        @Override
        public void putInt(int at, int value) {
            // Nothing is stored that could be patched.
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            lastUnitNs = loop.nowNs();
            if (video && key && !started) {
                keyFrame();
            }
        }

        @Override
        public void abort() {
            bytes = 0;
        }

        @Override
        public void formatChanged() {
            // The sets are asked for at the key frame.
        }
    }
}
