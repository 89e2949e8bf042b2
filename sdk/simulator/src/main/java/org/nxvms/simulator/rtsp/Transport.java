// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;

/**
 * How one track travels (RFC 2326 12.39).
 *
 * @param channel of RTP over TCP, RTCP takes the next one; meaningless over UDP
 * @param rtp where RTP goes over UDP; null over TCP
 * @param rtcp where RTCP goes over UDP; null over TCP
 * @param multicast whether that is a group
 */
record Transport(int channel, InetSocketAddress rtp, InetSocketAddress rtcp, boolean multicast) {
    private static final Pattern INTERLEAVED = Pattern.compile("interleaved=(\\d{1,3})(?:-\\d{1,3})?");
    private static final Pattern CLIENT_PORT = Pattern.compile("client_port=(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final int CHANNEL_MAX = 254;
    private static final int GROUP_PORT = 25_000;
    private static final int PORT_MAX = 65_534;

    /** {@return a group of this camera's own, by its port, which nobody else on this machine has} */
    static InetSocketAddress group(InetSocketAddress camera, Camera.Role role) {
        byte[] group = {
            (byte) 239, (byte) (77 + role.ordinal()), (byte) (camera.getPort() >> 8), (byte) camera.getPort()
        };
        try {
            return new InetSocketAddress(InetAddress.getByAddress(group), GROUP_PORT);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Takes the first offer this server can do; null if there is none.
     *
     * @param group where the stream's first track goes by multicast; the next one goes to the next two ports
     */
    static Transport choose(String header, FaultSet faults, InetAddress client, InetSocketAddress group) {
        int shift = (int) faults.value(FaultKind.OTHER_CHANNELS);
        for (String offer : header.split(",")) {
            String lower = offer.trim().toLowerCase(Locale.ROOT);
            if (lower.contains("multicast")) {
                if (faults.has(FaultKind.NO_MULTICAST)) {
                    continue;
                }
                return new Transport(0, group, new InetSocketAddress(group.getAddress(), group.getPort() + 1), true);
            }
            Matcher ports = CLIENT_PORT.matcher(lower);
            if (lower.startsWith("rtp/avp/tcp") && !faults.has(FaultKind.NO_TCP)) {
                Matcher channels = INTERLEAVED.matcher(lower);
                int channel = shift + (channels.find() ? Integer.parseInt(channels.group(1)) : 0);
                if (channel <= CHANNEL_MAX) {
                    return new Transport(channel, null, null, false);
                }
            } else if (lower.startsWith("rtp/avp") && !lower.startsWith("rtp/avp/tcp") && ports.find()) {
                int port = Integer.parseInt(ports.group(1));
                int next = ports.group(2) == null ? port + 1 : Integer.parseInt(ports.group(2));
                if (port > 0 && port <= PORT_MAX && next > 0 && next <= PORT_MAX + 1) {
                    return new Transport(
                            0, new InetSocketAddress(client, port), new InetSocketAddress(client, next), false);
                }
            }
        }
        return null;
    }

    boolean isUdp() {
        return rtp != null;
    }

    /** The same for another track: tracks of a group take two ports each. */
    Transport forTrack(int track) {
        return multicast
                ? new Transport(
                        0,
                        new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 2 * track),
                        new InetSocketAddress(rtcp.getAddress(), rtcp.getPort() + 2 * track),
                        true)
                : this;
    }

    /** The Transport header of the answer. */
    String answer(FarmLoop loop, int track, int ssrc, boolean odd) throws IOException {
        String end = ";ssrc=" + String.format(Locale.ROOT, "%08X", ssrc) + (odd ? ";mode=play" : "");
        String separator = odd ? "; " : ";";
        if (!isUdp()) {
            return "RTP/AVP/TCP" + separator + "unicast" + separator + "interleaved=" + channel + "-" + (channel + 1)
                    + end;
        }
        if (multicast) {
            Transport own = forTrack(track);
            return "RTP/AVP" + separator + "multicast" + separator + "destination="
                    + own.rtp.getAddress().getHostAddress() + separator + "port=" + own.rtp.getPort() + "-"
                    + own.rtcp.getPort() + separator + "ttl=1" + end;
        }
        int serverRtp = ((InetSocketAddress) loop.rtp().getLocalAddress()).getPort();
        int serverRtcp = ((InetSocketAddress) loop.rtcp().getLocalAddress()).getPort();
        return "RTP/AVP/UDP" + separator + "unicast" + separator + "client_port=" + rtp.getPort() + "-" + rtcp.getPort()
                + separator + "server_port=" + serverRtp + "-" + serverRtcp + end;
    }
}
