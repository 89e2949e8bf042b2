// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.LatmConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * AAC over RTP as {@code MP4A-LATM} (RFC 6416 6): AudioMuxElements, whole or in fragments up to the marker, each of one or more
 * AAC frames. The configuration comes with the session description, or in band, where it may change. A known configuration
 * repeated in every packet costs no allocation.
 */
public final class LatmDepacketizer implements Depacketizer {
    /** The format of the track, known sooner or later. */
    public static final class Format implements FormatSource {
        private final int clockRate;
        private Optional<LatmConfig> config;

        /** @param announced by the session description, empty when it comes in band */
        public Format(int clockRate, Optional<LatmConfig> announced) {
            this.clockRate = clockRate;
            this.config = announced;
        }

        @Override
        public boolean complete() {
            return config.isPresent();
        }

        @Override
        public TrackFormat format() throws NalException {
            LatmConfig known = config.orElseThrow(() -> new NalException("no StreamMuxConfig yet"));
            return TrackFormats.aac(known.audioSpecificConfig(), clockRate);
        }
    }

    /** A frame of 64 sub-frames at 320 kbit/s would not fit; none of that is seen in a camera. */
    private static final int ELEMENT_BYTES_MAX = 32 << 10;

    private static final int UNIT_BYTES_MAX = 8191;
    private static final int DAMAGED = -1;

    private final AccessUnitSink sink;
    private final Format format;
    private final boolean inBand;
    private final ByteBuffer element = ByteBuffer.allocate(ELEMENT_BYTES_MAX);
    private final ByteBuffer unit = ByteBuffer.allocate(UNIT_BYTES_MAX);
    private final TimestampUnwrapper clock = new TimestampUnwrapper();

    /** The in-band configuration as its bits were, shifted to begin at bit 0. */
    private byte[] knownBits = new byte[0];

    private int ticksPerUnit;
    private long timestamp;
    private boolean skipping;
    /** Elements come in fragments, so that after a loss a packet may be the rest of one. */
    private boolean fragments;

    private boolean afterLoss;
    private boolean markerMissing;
    private long dropped;

    /** @param inBand whether configurations come within the stream ({@code cpresent}) */
    public LatmDepacketizer(AccessUnitSink sink, Format format, boolean inBand) {
        this.sink = sink;
        this.format = format;
        this.inBand = inBand;
        this.ticksPerUnit = ticksPerUnit();
    }

    private int ticksPerUnit() {
        try {
            return format.complete() ? TrackFormats.unitTicks(format.format()) : 0;
        } catch (NalException unreadable) {
            return 0;
        }
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        if (lost > 0) {
            afterLoss = true;
            dropElement();
            dropped += fragments ? 1 : 0;
        }
        if (element.position() > 0 && time != timestamp) {
            // Nothing is missing, so the element is whole: this camera does not set the marker.
            markerMissing = true;
            finish();
        }
        skipping = skipping && time == timestamp || lost > 0 && fragments;
        timestamp = time;
        int length = packet.payloadLength();
        if (!skipping && length > element.remaining()) {
            dropElement();
            skipping = true;
        }
        if (!skipping) {
            element.put(element.position(), in, packet.payloadOffset(), length);
            element.position(element.position() + length);
        }
        fragments |= !packet.marker();
        if (packet.marker()) {
            if (!skipping) {
                finish();
            }
            skipping = false;
        }
    }

    /** Takes the assembled bytes apart: one AudioMuxElement after the other, each beginning at a byte. */
    private void finish() {
        int end = element.position() * 8;
        int bit = 0;
        long time = timestamp;
        while (bit < end) {
            int next = muxElement(bit, end, time);
            if (next == DAMAGED) {
                dropped++;
                afterLoss = true;
                break;
            }
            time += (long) ticksPerUnit * format.config.get().subFrames();
            bit = next + 7 & ~7;
        }
        element.clear();
    }

    /** {@return the bit behind the element, or {@link #DAMAGED}} */
    private int muxElement(int from, int end, long time) {
        int bit = from;
        if (inBand && Bits.read(element, 0, bit++, 1) == 0) {
            bit = configure(bit, end);
        }
        if (bit == DAMAGED || format.config.isEmpty()) {
            return DAMAGED;
        }
        LatmConfig config = format.config.get();
        for (int i = 0; i < config.subFrames(); i++) {
            int size = 0;
            int part = 255;
            while (part == 255) {
                if (end - bit < 8) {
                    return DAMAGED;
                }
                part = Bits.read(element, 0, bit, 8);
                size += part;
                bit += 8;
            }
            if (size > UNIT_BYTES_MAX || size * 8 > end - bit) {
                return DAMAGED;
            }
            if (size > 0) {
                unit(bit, size, time + (long) i * ticksPerUnit);
            }
            bit += size * 8;
        }
        return config.otherDataBits() > end - bit ? DAMAGED : bit + (int) config.otherDataBits();
    }

    private void unit(int bit, int size, long time) {
        ByteBuffer source = element;
        int offset = bit >> 3;
        int shift = bit & 7;
        if (shift != 0) {
            for (int i = 0; i < size; i++) {
                int pair = (element.get(offset + i) & 0xFF) << 8 | element.get(offset + i + 1) & 0xFF;
                unit.put(i, (byte) (pair >> 8 - shift));
            }
            source = unit;
            offset = 0;
        }
        if (sink.begin(true) && sink.append(source, offset, size)) {
            sink.commit(time, true, afterLoss);
            afterLoss = false;
        } else {
            dropped++;
        }
    }

    /** A StreamMuxConfig in band. {@return the bit behind it, or {@link #DAMAGED}} */
    private int configure(int bit, int end) {
        if (isKnown(bit, end)) {
            return bit + format.config.get().bits();
        }
        int bytes = Math.min(LatmConfig.BYTES_MAX, end - bit + 7 >> 3);
        byte[] bits = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            int count = Math.min(8, end - bit - 8 * i);
            bits[i] = (byte) (Bits.read(element, 0, bit + 8 * i, count) << 8 - count);
        }
        try {
            LatmConfig config = LatmConfig.parse(bits);
            config.audio();
            boolean changed = format.config.isEmpty()
                    || !Arrays.equals(format.config.get().audioSpecificConfig(), config.audioSpecificConfig());
            format.config = Optional.of(config);
            knownBits = bits;
            ticksPerUnit = ticksPerUnit();
            if (changed) {
                sink.formatChanged();
            }
            return bit + config.bits();
        } catch (NalException unusable) {
            return DAMAGED;
        }
    }

    private boolean isKnown(int bit, int end) {
        if (knownBits.length == 0 || format.config.get().bits() > end - bit) {
            return false;
        }
        int bits = format.config.get().bits();
        for (int i = 0; i < bits; i += 8) {
            int count = Math.min(8, bits - i);
            if (Bits.read(element, 0, bit + i, count) != (knownBits[i >> 3] & 0xFF) >> 8 - count) {
                return false;
            }
        }
        return true;
    }

    private void dropElement() {
        if (element.position() > 0) {
            element.clear();
            dropped++;
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public int quirks() {
        return markerMissing ? PayloadQuirk.MARKER_MISSING.bit() : 0;
    }

    @Override
    public void close() {
        dropElement();
    }
}
