// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.sdp;

/** Text that is no session description, or one beyond all bounds. */
public final class SdpException extends Exception {
    private static final long serialVersionUID = 1L;

    public SdpException(String message) {
        super(message);
    }
}
