// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.worker.LumaPictures;

/** Something to find out, a little at a time. All but {@link #isOver} is called by the desk's thread. */
interface MotionJob {
    /** {@return whether nothing is left to do, or nobody wants it any more} Any thread. */
    boolean isOver();

    /**
     * Does some tenths of a second of it.
     *
     * @throws DriverException of kind BUSY when it may be tried again soon, CLOSED when the thread is to stop
     */
    void go(Archive archive, LumaPictures worker, MotionReader reader) throws DriverException;

    /** It was tried in vain for so long that it is given up. */
    void giveUp(String why);
}
