// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

/**
 * What a part is called, which is announced before it comes. It is the part's place, but for one that came so late that it belongs to the
 * segment behind the one it was announced in.
 *
 * @param segment number of the segment that it was announced in
 * @param part its number there, from 0
 */
record PartName(long segment, int part) {
    /** As it stands in addresses. */
    @Override
    public String toString() {
        return segment + "." + part;
    }
}
