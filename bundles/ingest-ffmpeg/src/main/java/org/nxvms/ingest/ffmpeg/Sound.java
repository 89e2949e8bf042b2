// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.worker.SourceTrack;

/**
 * Turns a container's packets of sound into access units and knows their format. AAC in transport streams comes with ADTS headers
 * (ISO/IEC 14496-3 1.A.2.2), which tell the format and are taken off. One thread at a time.
 */
final class Sound {
    private static final int ADTS_BYTES = 7;
    private static final int ADTS_CRC_BYTES = 2;
    private static final int ADTS_SYNC = 0xFFF0;
    /** ISO/IEC 14496-3 table 1.18. */
    private static final int[] RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    private static final int SAMPLE_RATES = RATES.length;

    private final int clockRate;
    private final boolean aac;
    /** AAC whose container does not describe it describes itself. */
    private final boolean adts;

    private Optional<TrackFormat> format;
    private int adtsHeader = -1;
    private boolean changed;

    private Sound(int clockRate, boolean aac, boolean adts, Optional<TrackFormat> format) {
        this.clockRate = clockRate;
        this.aac = aac;
        this.adts = adts;
        this.format = format;
    }

    /** {@return what reads this track; empty for a codec that is not recorded} */
    static Optional<Sound> of(SourceTrack track) {
        int rate = track.clockRate();
        int channels = track.channels();
        if (rate < 1 || rate > 1_000_000 || channels < 1 || channels > 8) {
            return Optional.empty();
        }
        return switch (track.codec()) {
            case "aac" ->
                Optional.of(
                        track.configuration().length == 0
                                ? new Sound(rate, true, true, aac(lowComplexity(rate, channels), rate))
                                : new Sound(rate, true, false, aac(track.configuration(), rate)));
            case "opus" ->
                channels > 2 || rate != 48_000
                        ? Optional.empty()
                        : Optional.of(new Sound(rate, false, false, Optional.of(TrackFormats.opus(channels))));
            case "pcm_mulaw" -> Optional.of(g711(Codec.PCM_MULAW, rate, channels));
            case "pcm_alaw" -> Optional.of(g711(Codec.PCM_ALAW, rate, channels));
            default -> Optional.empty();
        };
    }

    private static Sound g711(Codec codec, int rate, int channels) {
        return new Sound(rate, false, false, Optional.of(TrackFormats.g711(codec, rate, channels)));
    }

    /** What nearly every ADTS stream turns out to be, so that the first run need not wait for the first header. */
    private static byte[] lowComplexity(int rate, int channels) {
        for (int index = 0; index < SAMPLE_RATES; index++) {
            if (RATES[index] == rate && channels <= 6) {
                return specificConfig(2, index, channels);
            }
        }
        return new byte[0];
    }

    /** ISO/IEC 14496-3 1.6.2.1. */
    private static byte[] specificConfig(int objectType, int rateIndex, int channels) {
        return new byte[] {(byte) (objectType << 3 | rateIndex >> 1), (byte) (rateIndex << 7 | channels << 3)};
    }

    private static Optional<TrackFormat> aac(byte[] configuration, int rate) {
        try {
            return configuration.length == 0 ? Optional.empty() : Optional.of(TrackFormats.aac(configuration, rate));
        } catch (NalException unreadable) {
            return Optional.empty();
        }
    }

    int clockRate() {
        return clockRate;
    }

    Optional<TrackFormat> format() {
        return format;
    }

    /** {@return whether the format is not what it was when this was asked last} */
    boolean formatChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void configure(byte[] configuration) {
        if (aac) {
            Optional<TrackFormat> next = aac(configuration, clockRate);
            changed |= next.isPresent() && !next.equals(format);
            format = next.or(() -> format);
        }
    }

    /** Leaves {@code packet} at the access unit's bytes. {@return whether there are any} */
    boolean take(ByteBuffer packet) {
        if (adts && packet.remaining() >= ADTS_BYTES && (packet.getShort(packet.position()) & 0xFFF6) == ADTS_SYNC) {
            return takeAdts(packet);
        }
        return !adts && packet.hasRemaining() && format.isPresent();
    }

    private boolean takeAdts(ByteBuffer packet) {
        int at = packet.position();
        // Profile, sampling rate and channels: what a change of would make another track.
        int header = packet.getShort(at + 2) & 0xFFC0 | packet.get(at + 1) & 1;
        if (header != adtsHeader) {
            adtsHeader = header;
            int bits = packet.getShort(at + 2) & 0xFFFF;
            int rateIndex = bits >> 10 & 0xF;
            if (rateIndex < SAMPLE_RATES) {
                configure(specificConfig((bits >> 14) + 1, rateIndex, bits >> 6 & 7));
            }
        }
        int skip = ADTS_BYTES + ((packet.get(at + 1) & 1) == 0 ? ADTS_CRC_BYTES : 0);
        packet.position(Math.min(packet.limit(), at + skip));
        return packet.hasRemaining() && format.isPresent();
    }
}
