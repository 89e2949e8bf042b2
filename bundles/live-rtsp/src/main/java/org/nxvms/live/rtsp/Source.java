// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.concurrent.locks.LockSupport;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;

/** Where a player's access units come from. One thread. */
interface Source extends AutoCloseable {
    /** Nothing now; ask again soon. */
    int NOTHING = 0;
    /** The unit was filled. */
    int UNIT = 1;
    /** Nothing will follow. */
    int END = 2;
    /** More may follow, and cannot be got at: the client is hung up rather than told that it has seen all. */
    int FAILED = 3;

    /** Takes what comes next; does not wait for it. {@return one of the constants} */
    int next(Unit unit);

    /**
     * Waits for more when there is nothing now: until it may be there, or the thread is unparked.
     *
     * @param tickNs at most so long where nothing tells when there is more
     */
    default void await(long tickNs) {
        LockSupport.parkNanos(tickNs);
    }

    /** {@return the format of the unit taken last} */
    StreamFormat format();

    /** {@return why it ended, for the log} */
    String end();

    /** {@return whose} */
    StreamId stream();

    /** {@return access units that were skipped because the client was too slow} */
    default long skipped() {
        return 0;
    }

    @Override
    void close();
}
