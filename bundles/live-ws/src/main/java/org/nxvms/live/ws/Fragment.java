// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import org.nxvms.media.kit.live.LiveFormat;

/**
 * One access unit, ready to send to any number of viewers.
 *
 * @param format what its initialisation segment is
 * @param media {@code prft moof mdat}
 * @param key whether a viewer can begin here
 */
record Fragment(LiveFormat format, Media media, boolean key) {
    int length() {
        return media.length();
    }
}
