// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

/**
 * The table of deviations from the payload formats that are seen in a stream and tolerated, as far as nothing is lost by it. What
 * a camera does is observed, never guessed from its make.
 */
public enum PayloadQuirk {
    /** Then a change of the time stamp ends the picture, as RFC 6184 5.1 and RFC 2435 3.1 leave no other sign. */
    MARKER_MISSING("sets no marker on the last packet of a picture"),
    /** Then only a change of the time stamp ends a picture (against RFC 6184 5.1). */
    MARKER_TOO_OFTEN("sets the marker within pictures"),
    /** Units of one packet are told apart by start codes, which have no place in RTP (RFC 6184 5.6). */
    START_CODES("puts start codes into packets"),
    /** No packet was lost, so a fragmented NAL unit is whole when the next one begins or the marker stands (RFC 6184 5.8). */
    FRAGMENT_END_MISSING("does not mark the last fragment of a NAL unit"),
    /** Parameter sets in the session description as a byte stream (against RFC 6184 8.1). */
    ANNOUNCED_START_CODES("announces parameter sets with start codes"),
    /** A header that is of files and broadcast is taken off (against RFC 3640 3.2). */
    ADTS_HEADERS("sends AAC with ADTS headers"),
    /** Packets that need decoding order numbers (RFC 6184 5.5, RFC 7798 4.4): not tolerated, they are dropped. */
    INTERLEAVED("sends interleaved packets although it announced none; they are dropped"),
    /** Interleaved access units (RFC 3640 3.2.3.2): not tolerated, they are dropped. */
    INTERLEAVED_AUDIO("sends interleaved audio although it announced none; it is dropped");

    private final String behaviour;

    PayloadQuirk(String behaviour) {
        this.behaviour = behaviour;
    }

    /** {@return what the camera does, to follow "the camera"} */
    public String behaviour() {
        return behaviour;
    }

    /** {@return a set with this one alone} */
    public int bit() {
        return 1 << ordinal();
    }

    /** {@return the behaviours in a set of {@link #bit}s, separated by commas} */
    public static String describe(int bits) {
        StringBuilder all = new StringBuilder();
        for (PayloadQuirk quirk : values()) {
            if ((bits & quirk.bit()) != 0) {
                all.append(all.isEmpty() ? "" : ", ").append(quirk.behaviour);
            }
        }
        return all.toString();
    }
}
