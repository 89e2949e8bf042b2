// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.Locale;

/**
 * How a client wants a track's packets (RFC 2326 12.39): the first of its wishes that can be met.
 *
 * @param tcp interleaved with the conversation, otherwise by UDP
 * @param first channel or port of RTP; -1 for a channel of our choice
 * @param second channel or port of RTCP
 */
record TransportWish(boolean tcp, int first, int second) {
    private static final int WISHES_MAX = 8;
    private static final int PARAMETERS_MAX = 16;

    /** @param udp whether that can be met */
    static TransportWish parse(String header, boolean udp) throws Refusal {
        for (String wish : header.split(",", WISHES_MAX)) {
            String[] parts = wish.strip().toLowerCase(Locale.ROOT).split(";", PARAMETERS_MAX);
            String profile = parts[0].strip();
            boolean tcp = profile.equals("rtp/avp/tcp");
            boolean known = tcp || udp && (profile.equals("rtp/avp") || profile.equals("rtp/avp/udp"));
            TransportWish found = known ? read(parts, tcp) : null;
            if (found != null) {
                return found;
            }
        }
        throw Refusal.unsupportedTransport("Packets go by RTP/AVP/TCP;unicast;interleaved=0-1"
                + (udp
                        ? " and by RTP/AVP;unicast;client_port=40000-40001."
                        : "; UDP is switched off here, or the" + " connection is TLS."));
    }

    /** {@return null when this one cannot be met} */
    private static TransportWish read(String[] parts, boolean tcp) {
        int[] pair = {-1, -1};
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.equals("multicast") || part.startsWith("mode=") && !part.contains("play")) {
                return null;
            }
            if (part.startsWith(tcp ? "interleaved=" : "client_port=")) {
                pair = pair(part.substring(part.indexOf('=') + 1), tcp ? 255 : 65_535);
                if (pair == null) {
                    return null;
                }
            }
        }
        boolean met = tcp || pair[0] > 0 && pair[1] > 0;
        return met ? new TransportWish(tcp, pair[0], pair[1]) : null;
    }

    private static int[] pair(String text, int max) {
        String[] numbers = text.split("-", 2);
        int first = number(numbers[0], max);
        int second = numbers.length > 1 ? number(numbers[1], max) : first + 1;
        return first < 0 || second < 0 || second > max || first == second ? null : new int[] {first, second};
    }

    private static int number(String text, int max) {
        String digits = text.strip();
        int number = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
        return number > max ? -1 : number;
    }
}
