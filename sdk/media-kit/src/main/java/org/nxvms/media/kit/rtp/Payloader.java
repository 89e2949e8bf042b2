// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;

/**
 * Cuts access units into RTP payloads: the way back of {@link Depacketizer}. What cannot be carried is left out and
 * counted, never sent damaged. One thread at a time.
 */
public interface Payloader {
    /** Bytes of one payload at most: with all headers it fits an Ethernet frame, over IPv6 too. */
    int PAYLOAD_BYTES_MAX = 1400;

    /** Takes the packets. */
    interface Sink {
        /**
         * Begins a packet.
         *
         * @param extension JPEG marker segments to go with it as ONVIF has them (Streaming 5.1.3), usually none
         * @return where its payload goes, from the position on; at least {@value #PAYLOAD_BYTES_MAX} bytes
         */
        ByteBuffer begin(ByteBuffer extension) throws IOException;

        /**
         * The packet is complete.
         *
         * @param marker the RTP marker
         * @param ticks its time behind the access unit's
         */
        void end(boolean marker, int ticks) throws IOException;
    }

    /**
     * Cuts one access unit.
     *
     * @param unit from position to limit, as the hub has it; both are left alone
     */
    void cut(ByteBuffer unit, boolean key, Sink sink) throws IOException;

    /** {@return access units that could not be carried, whole or in part} */
    default long leftOut() {
        return 0;
    }

    /**
     * {@return the one for a track}
     *
     * @throws NalException when the track's configuration is damaged or its codec is not carried
     */
    static Payloader of(TrackFormat track) throws NalException {
        return switch (track.codec()) {
            case H264 -> NalPayloader.h264(track.configuration());
            case HEVC -> NalPayloader.h265(track.configuration());
            case MJPEG -> new JpegPayloader();
            case AAC -> new AacPayloader();
            case OPUS -> new PlainPayloader(0);
            case PCM_MULAW, PCM_ALAW -> new PlainPayloader(8 * Math.max(1, track.channels()));
            case G726 -> new PlainPayloader(track.configuration()[0] * Math.max(1, track.channels()));
            default -> throw new NalException(track.codec() + " is not carried over RTP here");
        };
    }
}
