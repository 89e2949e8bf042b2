// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.Base64;

/** The parameter sets of one video stream, announced and repeated in the stream. One thread at a time. */
public sealed interface ParameterSets extends FormatSource permits AvcParameterSets, HevcParameterSets {
    /** Sets in one announcement; more are cut off. */
    int ANNOUNCED_MAX = 16;

    /**
     * Takes one parameter set at absolute positions of {@code in}, whose own position is left alone. A known one costs
     * no allocation.
     *
     * @return true when the stream's format is not what it was before
     */
    boolean offer(ByteBuffer in, int offset, int length);

    /**
     * A key picture begins: finds out which of the known sets it uses.
     *
     * @param type of its first slice's NAL unit
     * @param offset of the slice's bytes behind the NAL unit header, at absolute position
     * @return true when the stream's format is not what it was before
     */
    boolean activate(int type, ByteBuffer in, int offset, int length);

    /**
     * Takes sets in Base64, separated by commas, as session descriptions have them; what cannot be read is skipped.
     *
     * @return whether they were as they should be, rather than a byte stream with start codes
     */
    default boolean offerSprop(String sprop) {
        boolean proper = true;
        for (String part : sprop.replace("\"", "").split(",", ANNOUNCED_MAX + 1)) {
            try {
                ByteBuffer nal = ByteBuffer.wrap(Base64.getMimeDecoder().decode(part));
                proper &= !StartCodes.at(nal, 0, nal.limit());
                offerAll(nal);
            } catch (IllegalArgumentException notBase64) {
                // In-band sets will follow; a camera without any is reported by whoever waits for the first picture.
            }
        }
        return proper;
    }

    private void offerAll(ByteBuffer bytes) {
        int end = bytes.limit();
        int at = StartCodes.at(bytes, 0, end) ? StartCodes.next(bytes, 0, end) + StartCodes.BYTES : 0;
        while (at < end) {
            int unitEnd = StartCodes.unitEnd(bytes, at, end);
            offer(bytes, at, unitEnd - at);
            at = StartCodes.next(bytes, unitEnd, end) + StartCodes.BYTES;
        }
    }
}
