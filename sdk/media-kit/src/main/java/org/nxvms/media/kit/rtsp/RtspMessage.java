// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

/** A request or a response. A {@code switch} or {@code instanceof} needs exactly these two. */
public sealed interface RtspMessage permits RtspRequest, RtspResponse {
    RtspHeaders headers();

    /** {@return the body, empty when there is none; not a copy} */
    byte[] body();

    /** {@return the CSeq number, -1 when missing or malformed} */
    default int cseq() {
        return headers().number("CSeq", -1);
    }

    /** {@return the message as it goes over the wire; Content-Length is added when there is a body} */
    byte[] toBytes();
}
