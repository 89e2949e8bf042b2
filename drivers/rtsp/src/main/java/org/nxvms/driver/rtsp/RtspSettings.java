// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;

/**
 * The settings of an RTSP camera, by name:
 *
 * <ul>
 *   <li>{@code transport}: {@code tcp} (default), {@code udp}, {@code multicast}, {@code http} (RTSP
 *       tunnelled in HTTP, or HTTPS with {@code rtsps}) or {@code auto} (TCP, then UDP);
 *   <li>{@code keepalive}: {@code options}, {@code get_parameter} or {@code set_parameter}: the request
 *       that keeps the session alive, for cameras that do not follow RFC 2326;
 *   <li>{@code tls}: which certificate an {@code rtsps} camera may show: {@code trusted} (default),
 *       {@code pinned:} and its SHA-256 in hex, or {@code any};
 *   <li>{@code tunnel-port}: port of the HTTP tunnel;
 *   <li>{@code multicast-interface}, {@code multicast-source}: where groups are joined, and whose packets
 *       are taken ({@code any} for everybody's);
 *   <li>{@code udp-source}: the only address UDP packets are taken from, where that is not the camera's own.
 * </ul>
 *
 * All but the transport are handed on as quirks of these names ({@link StreamEndpoint}).
 *
 * A misspelt name is refused rather than ignored: it would silently not help.
 */
record RtspSettings(List<Transport> transports, Map<String, String> quirks) {
    private static final String TRANSPORT = "transport";
    private static final Map<String, List<Transport>> TRANSPORTS = Map.of(
            "tcp", List.of(Transport.TCP),
            "udp", List.of(Transport.UDP),
            "multicast", List.of(Transport.MULTICAST),
            "http", List.of(Transport.HTTP),
            "auto", List.of(Transport.TCP, Transport.UDP));
    /** What each quirk's value must look like, and how that is said. */
    private record Rule(Pattern form, String said) {}

    private static final Map<String, Rule> QUIRKS = Map.of(
            StreamEndpoint.KEEP_ALIVE,
            new Rule(
                    Pattern.compile("get_parameter|options|set_parameter"),
                    "must be one of get_parameter, options, set_parameter"),
            StreamEndpoint.TLS,
            new Rule(
                    Pattern.compile("trusted|any|pinned:([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}"),
                    "must be trusted, any, or pinned: with the SHA-256 fingerprint of the camera's certificate"),
            StreamEndpoint.TUNNEL_PORT,
            new Rule(
                    Pattern.compile("[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]"),
                    "must be a port, 1..65535"),
            StreamEndpoint.MULTICAST_INTERFACE,
            new Rule(Pattern.compile("[\\w.:%@-]{1,64}"), "must be the name or address of a network interface"),
            StreamEndpoint.MULTICAST_SOURCE,
            new Rule(Pattern.compile("any|[0-9a-fA-F.:]{2,45}"), "must be an IP address, or any"),
            StreamEndpoint.UDP_SOURCE,
            new Rule(Pattern.compile("[0-9a-fA-F.:]{2,45}"), "must be an IP address"));

    static RtspSettings parse(Map<String, String> settings) throws DriverException {
        List<Transport> transports = TRANSPORTS.get("tcp");
        Map<String, String> quirks = new TreeMap<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String name = setting.getKey();
            String value = setting.getValue();
            if (name.equals(TRANSPORT)) {
                transports = TRANSPORTS.get(value);
                if (transports == null) {
                    throw refuse(name, "must be one of auto, http, multicast, tcp, udp");
                }
            } else if (!QUIRKS.containsKey(name)) {
                throw refuse(
                        name,
                        "is not known to this driver; it knows transport, "
                                + String.join(", ", new TreeSet<>(QUIRKS.keySet())));
            } else if (!QUIRKS.get(name).form().matcher(value).matches()) {
                throw refuse(name, QUIRKS.get(name).said());
            } else {
                quirks.put(name, value);
            }
        }
        return new RtspSettings(transports, quirks);
    }

    private static DriverException refuse(String name, String why) {
        return new DriverException(DriverException.Kind.CONFIG, "The field settings." + name + " " + why + ".");
    }
}
