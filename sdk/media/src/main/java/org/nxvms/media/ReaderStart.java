// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

/** Where a new reader begins. */
public enum ReaderStart {
    /** At the newest key frame, so that a decoder can start at once (the GOP cache). */
    NEWEST_KEY,
    /** At the next access unit to be committed. */
    NEXT,
    /** At the oldest key frame still in the ring (pre-event buffer). */
    OLDEST_KEY,
    /**
     * Where the last reader of the same name stopped, if that is still in the ring; otherwise the
     * reader is told {@link StreamReader#LAPPED} first and stands at the oldest key frame.
     * Without an earlier reader of the name: {@link #OLDEST_KEY}.
     */
    RESUME
}
