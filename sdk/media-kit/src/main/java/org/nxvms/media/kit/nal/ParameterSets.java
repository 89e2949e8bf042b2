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

    /** Takes sets in Base64, separated by commas, as session descriptions have them; what cannot be read is skipped. */
    default void offerSprop(String sprop) {
        for (String part : sprop.split(",", ANNOUNCED_MAX + 1)) {
            try {
                byte[] nal = Base64.getDecoder().decode(part.trim());
                offer(ByteBuffer.wrap(nal), 0, nal.length);
            } catch (IllegalArgumentException notBase64) {
                // In-band sets will follow; a camera without any is reported by whoever waits for the first picture.
            }
        }
    }
}
