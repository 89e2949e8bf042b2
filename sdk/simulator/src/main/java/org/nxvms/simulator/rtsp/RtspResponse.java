// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;

/** An answer being put together. */
final class RtspResponse {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder head = new StringBuilder(256);
    private final boolean odd;
    private String body = "";

    /** @param request whose CSeq is repeated; null if it could not be read */
    RtspResponse(int status, String reason, RtspRequest request, FaultSet faults) {
        odd = faults.has(FaultKind.ODD_HEADERS);
        head.append("RTSP/1.0 ").append(status).append(' ').append(reason).append("\r\n");
        if (request != null) {
            request.header("cseq").ifPresent(cseq -> header("CSeq", cseq));
        }
        header("Date", DATE.format(Instant.now()));
        if (odd) {
            header("X-Accept-Dynamic-Rate", "1");
            header("x-empty", "");
        } else {
            header("Server", "Simulated camera");
        }
    }

    RtspResponse header(String name, String value) {
        head.append(odd ? name.toLowerCase(Locale.ROOT) : name)
                .append(odd ? ":" : ": ")
                .append(value)
                .append("\r\n");
        return this;
    }

    RtspResponse body(String type, String text) {
        body = text;
        return header("Content-Type", type)
                .header("Content-Length", Integer.toString(text.getBytes(StandardCharsets.UTF_8).length));
    }

    @Override
    public String toString() {
        return head + "\r\n" + body;
    }
}
