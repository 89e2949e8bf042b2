// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.rendition;

import org.nxvms.media.StreamId;

/**
 * One rendition at one moment.
 *
 * @param pictures made so far
 * @param losses processes lost over it so far
 * @param detail what it waits for or what went wrong, a sentence; empty while all is well
 */
public record RenditionStatus(StreamId stream, State state, long pictures, long losses, String detail) {
    /** What becomes of it. */
    public enum State {
        /** For a place among those that are made. */
        WAITING,
        /** For the first picture of the source, or of the encoder. */
        STARTING,
        RUNNING,
        /** Its process was lost; another is started in a moment. */
        RESTING
    }
}
