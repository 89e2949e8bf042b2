// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

/** An offer that cannot be answered; the message says what is wrong and what to do, for who wrote it. */
public final class OfferException extends Exception {
    private static final long serialVersionUID = 1L;

    OfferException(String message) {
        super(message);
    }
}
