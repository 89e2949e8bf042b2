// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

/**
 * What the payload of a track is. Names as in FFmpeg; more codecs may follow in a minor version, so
 * a {@code switch} needs a default branch that refuses the track.
 */
public enum Codec {
    /** ITU-T H.264. Access unit: NAL units, each with a 4 byte big-endian length (ISO/IEC 14496-15). */
    H264(Kind.VIDEO),
    /** ITU-T H.265, framed as H264. */
    HEVC(Kind.VIDEO),
    /** One whole JPEG image an access unit, from SOI to EOI (ITU-T T.81). */
    MJPEG(Kind.VIDEO),
    /** MPEG-4 AAC: one raw_data_block an access unit, no ADTS header (ISO/IEC 14496-3). */
    AAC(Kind.AUDIO),
    /** ITU-T G.711 mu-law. */
    PCM_MULAW(Kind.AUDIO),
    /** ITU-T G.711 A-law. */
    PCM_ALAW(Kind.AUDIO),
    /** ITU-T G.726, code words packed from the most significant bit on (ITU-T I.366.2 annex E, "AAL2"). */
    G726(Kind.AUDIO),
    /** RFC 6716, one Opus packet an access unit. */
    OPUS(Kind.AUDIO),
    /** ONVIF metadata: one XML document an access unit. */
    ONVIF_METADATA(Kind.DATA);

    /** What a track carries. */
    public enum Kind {
        VIDEO,
        AUDIO,
        DATA
    }

    private final Kind kind;

    Codec(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
