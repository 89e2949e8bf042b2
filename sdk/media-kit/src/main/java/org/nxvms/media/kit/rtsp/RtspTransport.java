// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.Locale;
import java.util.Optional;

/**
 * What matters of a Transport header (RFC 2326 12.39).
 *
 * @param kind how RTP travels
 * @param channels interleaved channels of RTP and RTCP
 * @param serverPorts where the camera sends from and hears reports
 * @param ports of the multicast group
 * @param source where RTP comes from, when told; may be a name
 * @param destination where RTP goes, when told: the multicast group
 * @param ssrc source identifier, if told
 */
public record RtspTransport(
        Kind kind,
        Pair channels,
        Pair serverPorts,
        Pair ports,
        Optional<String> source,
        Optional<String> destination,
        Optional<Integer> ssrc) {
    private static final int PARAMETERS_MAX = 16;
    private static final int ADDRESS_CHARS_MAX = 255;

    /** How RTP travels. */
    public enum Kind {
        /** Interleaved in the RTSP connection. */
        TCP,
        /** UDP unicast. */
        UDP,
        MULTICAST,
        /** Nothing that is known here. */
        OTHER
    }

    /** Numbers for RTP and RTCP, -1 when not told. */
    public record Pair(int rtp, int rtcp) {
        static final Pair NONE = new Pair(-1, -1);

        static Pair parse(String text, int max) {
            String[] parts = text.split("-", 2);
            int rtp = number(parts[0], max);
            int rtcp = parts.length > 1 ? number(parts[1], max) : rtp < 0 || rtp == max ? -1 : rtp + 1;
            return new Pair(rtp, rtcp);
        }

        private static int number(String text, int max) {
            try {
                int number = Integer.parseInt(text.trim());
                return number >= 0 && number <= max ? number : -1;
            } catch (NumberFormatException notANumber) {
                return -1;
            }
        }
    }

    /** {@return the request for a pair of interleaved channels} */
    public static String interleaved(int rtpChannel) {
        return "RTP/AVP/TCP;unicast;interleaved=" + rtpChannel + "-" + (rtpChannel + 1);
    }

    /** {@return the request for UDP to a pair of ports} */
    public static String unicast(int rtpPort, int rtcpPort) {
        return "RTP/AVP;unicast;client_port=" + rtpPort + "-" + rtcpPort;
    }

    /** {@return the request for the camera's multicast group} */
    public static String multicast() {
        return "RTP/AVP;multicast";
    }

    /** Reads the first transport of a header; what is malformed counts as not told. */
    public static RtspTransport parse(String header) {
        Kind kind = Kind.OTHER;
        boolean group = false;
        Pair channels = Pair.NONE;
        Pair serverPorts = Pair.NONE;
        Pair ports = Pair.NONE;
        Optional<String> source = Optional.empty();
        Optional<String> destination = Optional.empty();
        Optional<Integer> ssrc = Optional.empty();
        String first = header.split(",", 2)[0];
        for (String part : first.split(";", PARAMETERS_MAX)) {
            String parameter = part.trim().toLowerCase(Locale.ROOT);
            String value = parameter.substring(parameter.indexOf('=') + 1).trim();
            switch (parameter.split("=", 2)[0].trim()) {
                case "rtp/avp/tcp" -> kind = Kind.TCP;
                case "rtp/avp", "rtp/avp/udp" -> kind = Kind.UDP;
                case "multicast" -> group = true;
                case "interleaved" -> channels = Pair.parse(value, 255);
                case "server_port" -> serverPorts = Pair.parse(value, 65_535);
                case "port" -> ports = Pair.parse(value, 65_535);
                case "source" -> source = address(value);
                case "destination" -> destination = address(value);
                case "ssrc" -> ssrc = hex(value);
                default -> {
                    // mode, ttl, layers, client_port: what we said or need not know
                }
            }
        }
        if (channels.rtp() >= 0) {
            kind = Kind.TCP;
        } else if (kind == Kind.UDP && group) {
            kind = Kind.MULTICAST;
        }
        return new RtspTransport(kind, channels, serverPorts, ports, source, destination, ssrc);
    }

    private static Optional<String> address(String value) {
        String plain = value.replace("\"", "");
        return plain.isEmpty() || plain.length() > ADDRESS_CHARS_MAX ? Optional.empty() : Optional.of(plain);
    }

    private static Optional<Integer> hex(String text) {
        try {
            return Optional.of(Integer.parseUnsignedInt(text, 16));
        } catch (NumberFormatException notHex) {
            return Optional.empty();
        }
    }
}
