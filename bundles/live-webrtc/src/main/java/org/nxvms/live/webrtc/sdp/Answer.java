// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the answer to an offer: an ICE-lite agent (RFC 8445 2.5) that waits for DTLS and sends, all over one connection.
 *
 * @param user the ICE user fragment that was made for this viewer
 * @param password the ICE password
 * @param fingerprint of the server's certificate
 * @param udp addresses where the server listens, the preferred first
 * @param tcp the same over TCP
 */
public record Answer(
        String user, String password, byte[] fingerprint, List<InetSocketAddress> udp, List<InetSocketAddress> tcp) {
    private static final String NAME = "nxvms";
    /** RFC 8445 5.1.2.2: type preference of host candidates. */
    private static final long HOST = 126L << 24;
    /** UDP goes before TCP (RFC 6544 4.2). */
    private static final int OTHER_PREFERENCE_MAX = 8_191;

    private static final int TCP_PASSIVE = 4 << 13;
    private static final int UDP_FIRST = 7 << 13;

    /**
     * {@return the session description}
     *
     * @param sessionId any number
     * @param agreed by {@link Offer.Section#mid}; sections that are not in it are declined
     */
    public String to(Offer offer, long sessionId, Map<String, Agreed> agreed) {
        StringBuilder out = new StringBuilder(2_048);
        String bundle = offer.sections().stream()
                .map(Offer.Section::mid)
                .filter(agreed::containsKey)
                .collect(Collectors.joining(" "));
        line(out, "v=0");
        line(out, "o=- " + sessionId + " 1 IN IP4 127.0.0.1");
        line(out, "s=-");
        line(out, "t=0 0");
        line(out, "a=group:BUNDLE " + bundle);
        line(out, "a=ice-lite");
        boolean first = true;
        for (Offer.Section section : offer.sections()) {
            Agreed track = agreed.get(section.mid());
            if (track == null) {
                decline(out, section);
            } else {
                accept(out, track, first);
                first = false;
            }
        }
        return out.toString();
    }

    private static void decline(StringBuilder out, Offer.Section section) {
        line(out, "m=" + section.media().kind() + " 0 " + section.media().protocol() + " " + section.format());
        line(out, "c=IN IP4 0.0.0.0");
        line(out, "a=mid:" + section.mid());
        line(out, "a=inactive");
    }

    private void accept(StringBuilder out, Agreed track, boolean withCandidates) {
        int type = track.payloadType();
        String kind = track.section().media().kind();
        boolean resent = track.resendType() >= 0;
        line(out, "m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + type + (resent ? " " + track.resendType() : ""));
        line(out, "c=IN IP4 0.0.0.0");
        line(out, "a=mid:" + track.section().mid());
        line(out, "a=ice-ufrag:" + user);
        line(out, "a=ice-pwd:" + password);
        line(out, "a=fingerprint:sha-256 " + Fingerprints.text(fingerprint));
        line(out, "a=setup:passive");
        line(out, "a=sendonly");
        line(out, "a=rtcp-mux");
        line(out, "a=rtcp-rsize");
        if (track.playoutDelay() > 0) {
            line(out, "a=extmap:" + track.playoutDelay() + " " + Agreed.PLAYOUT_DELAY);
        }
        line(out, "a=rtpmap:" + type + " " + track.encoding());
        if (!track.parameters().isEmpty()) {
            line(out, "a=fmtp:" + type + " " + track.parameters());
        }
        if (kind.equals("video")) {
            line(out, "a=rtcp-fb:" + type + " nack");
            line(out, "a=rtcp-fb:" + type + " nack pli");
            line(out, "a=rtcp-fb:" + type + " ccm fir");
        }
        if (resent) {
            line(out, "a=rtpmap:" + track.resendType() + " rtx/90000");
            line(out, "a=fmtp:" + track.resendType() + " apt=" + type);
        }
        line(out, "a=msid:" + NAME + " " + kind);
        sources(out, track, resent);
        if (withCandidates) {
            candidates(out, "udp", UDP_FIRST, udp);
            candidates(out, "tcp", TCP_PASSIVE, tcp);
            line(out, "a=end-of-candidates");
        }
    }

    /** The source of the pictures goes first: Chromium takes the first one named for the track. */
    private static void sources(StringBuilder out, Agreed track, boolean resent) {
        String own = Integer.toUnsignedString(track.ssrc());
        String again = Integer.toUnsignedString(track.resendSsrc());
        if (resent) {
            line(out, "a=ssrc-group:FID " + own + " " + again);
        }
        line(out, "a=ssrc:" + own + " cname:" + NAME);
        if (resent) {
            line(out, "a=ssrc:" + again + " cname:" + NAME);
        }
    }

    private static void candidates(StringBuilder out, String protocol, int preference, List<InetSocketAddress> all) {
        int place = 0;
        for (InetSocketAddress one : all) {
            long priority = HOST | (long) (preference + OTHER_PREFERENCE_MAX - place) << 8 | 255;
            place++;
            line(
                    out,
                    "a=candidate:" + (protocol.equals("udp") ? "1" : "2") + place + " 1 " + protocol + " " + priority
                            + " "
                            + text(one.getAddress()) + " " + one.getPort() + " typ host"
                            + (protocol.equals("tcp") ? " tcptype passive" : ""));
        }
    }

    /** An IPv6 address names its interface behind a percent sign, which is nobody's business. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private static void line(StringBuilder out, String line) {
        out.append(line).append("\r\n");
    }
}
