// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

/** The peer does not speak RTSP, or beyond all bounds. The message never holds credentials. */
public final class RtspException extends Exception {
    private static final long serialVersionUID = 1L;

    public RtspException(String message) {
        super(message);
    }
}
