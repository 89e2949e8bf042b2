// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

/** Bytes that are not the MP4 they should be; the message says which box and why. */
public final class Mp4Exception extends Exception {
    private static final long serialVersionUID = 1L;

    public Mp4Exception(String message) {
        super(message);
    }
}
