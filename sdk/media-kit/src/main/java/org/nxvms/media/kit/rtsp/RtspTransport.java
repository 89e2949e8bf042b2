// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.Locale;
import java.util.Optional;

/**
 * What matters of a Transport header (RFC 2326 12.39).
 *
 * @param tcp whether it is RTP over the RTSP connection
 * @param rtpChannel interleaved channel of RTP, -1 when not told
 * @param rtcpChannel interleaved channel of RTCP, -1 when not told
 * @param ssrc source identifier, if told
 */
public record RtspTransport(boolean tcp, int rtpChannel, int rtcpChannel, Optional<Integer> ssrc) {
    private static final int PARAMETERS_MAX = 16;

    /** {@return the request for a pair of interleaved channels} */
    public static String request(int rtpChannel) {
        return "RTP/AVP/TCP;unicast;interleaved=" + rtpChannel + "-" + (rtpChannel + 1);
    }

    /** Reads the first transport of a header; what is malformed counts as not told. */
    public static RtspTransport parse(String header) {
        boolean tcp = false;
        int rtp = -1;
        int rtcp = -1;
        Optional<Integer> ssrc = Optional.empty();
        String first = header.split(",", 2)[0];
        for (String part : first.split(";", PARAMETERS_MAX)) {
            String parameter = part.trim().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("rtp/avp/tcp")) {
                tcp = true;
            } else if (parameter.startsWith("interleaved=")) {
                String[] channels = parameter.substring(12).split("-", 2);
                rtp = channel(channels[0]);
                rtcp = channels.length > 1 ? channel(channels[1]) : rtp < 0 || rtp == 255 ? -1 : rtp + 1;
            } else if (parameter.startsWith("ssrc=")) {
                ssrc = hex(parameter.substring(5));
            }
        }
        return new RtspTransport(tcp || rtp >= 0, rtp, rtcp, ssrc);
    }

    private static int channel(String text) {
        try {
            int channel = Integer.parseInt(text.trim());
            return channel >= 0 && channel <= 255 ? channel : -1;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static Optional<Integer> hex(String text) {
        try {
            return Optional.of(Integer.parseUnsignedInt(text.trim(), 16));
        } catch (NumberFormatException notHex) {
            return Optional.empty();
        }
    }
}
