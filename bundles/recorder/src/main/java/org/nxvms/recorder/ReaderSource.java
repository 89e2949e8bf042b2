// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;

/** Opens cursors; see {@link ResumePoint}. */
interface ReaderSource {
    ResumePoint.Start open(StreamId stream, long limitUs);

    /**
     * {@return number of the newest key frame at or before a time from which on the ring holds all; of the oldest such key
     * frame, when none is so old; -1 when there is none}
     */
    long keyAt(StreamId stream, long wallUs);

    static ReaderSource of(StreamHub hub) {
        return new ReaderSource() {
            @Override
            public ResumePoint.Start open(StreamId stream, long limitUs) {
                return ResumePoint.open(hub, stream, limitUs);
            }

            @Override
            public long keyAt(StreamId stream, long wallUs) {
                return ResumePoint.keyAt(hub, stream, wallUs);
            }
        };
    }
}
