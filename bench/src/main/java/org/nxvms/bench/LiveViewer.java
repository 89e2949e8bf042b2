// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

/** Who watches a camera live and shows nothing of it: it takes what comes, as a player does. */
interface LiveViewer extends AutoCloseable {
    /** {@return from asking for the picture until the first one was there whole; negative while it is not} */
    double firstPictureMs();

    /** {@return pictures that were there whole} */
    long pictures();

    /** {@return bytes of media so far} */
    long bytes();

    @Override
    void close();
}
