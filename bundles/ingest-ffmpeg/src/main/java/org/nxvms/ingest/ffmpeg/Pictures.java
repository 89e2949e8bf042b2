// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.platform.api.worker.SourceTrack;

/**
 * Turns a container's packets of video into access units as the hub wants them, and knows their format. Checks everything: the
 * bytes come from outside. One thread at a time; allocates nothing unless the format changes.
 */
interface Pictures {
    /** {@return what reads this track; empty for a codec that is not recorded} */
    static Optional<Pictures> of(SourceTrack track) {
        Optional<Pictures> pictures =
                switch (track.codec()) {
                    case "h264" -> Optional.of(new NalPictures(NalSyntax.H264, new AvcParameterSets()));
                    case "hevc" -> Optional.of(new NalPictures(NalSyntax.HEVC, new HevcParameterSets()));
                    case "mjpeg" -> Optional.of(new JpegPictures());
                    default -> Optional.empty();
                };
        pictures.ifPresent(p -> p.configure(track.configuration()));
        return pictures;
    }

    /** The container's set-up data, now and whenever it changes. */
    void configure(byte[] configuration);

    /**
     * Takes a packet.
     *
     * @param out takes its access unit
     * @return whether it holds a picture; otherwise what was appended is to be dropped
     */
    boolean take(ByteBuffer packet, UnitBytes out);

    /** {@return whether decoding can start at the picture taken last} */
    boolean key();

    /** {@return whether the format is not what it was when this was asked last} */
    boolean formatChanged();

    FormatSource format();
}
