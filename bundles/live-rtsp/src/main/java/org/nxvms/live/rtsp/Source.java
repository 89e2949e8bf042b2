// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

/** Where a player's access units come from. One thread. */
interface Source extends AutoCloseable {
    /** Nothing now; ask again soon. */
    int NOTHING = 0;
    /** The unit was filled. */
    int UNIT = 1;
    /** Nothing will follow. */
    int END = 2;

    /** Takes what comes next; does not wait for it. {@return one of the constants} */
    int next(Unit unit);

    /** {@return why it ended, for the log} */
    String end();

    @Override
    void close();
}
