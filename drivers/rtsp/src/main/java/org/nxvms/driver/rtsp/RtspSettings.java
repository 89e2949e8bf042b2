// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint.Transport;

/**
 * The settings of an RTSP camera, by name:
 *
 * <ul>
 *   <li>{@code transport}: {@code tcp} (default), {@code udp}, {@code multicast} or {@code auto} (TCP,
 *       then UDP);
 *   <li>{@code keepalive}: {@code options} or {@code get_parameter}: the request that keeps the
 *       session alive, for cameras that do not follow RFC 2326; handed on as a quirk of that name.
 * </ul>
 *
 * A misspelt name is refused rather than ignored: it would silently not help.
 */
record RtspSettings(List<Transport> transports, Map<String, String> quirks) {
    private static final String TRANSPORT = "transport";
    private static final Map<String, List<Transport>> TRANSPORTS = Map.of(
            "tcp", List.of(Transport.TCP),
            "udp", List.of(Transport.UDP),
            "multicast", List.of(Transport.MULTICAST),
            "auto", List.of(Transport.TCP, Transport.UDP));
    /** Quirks and the values each may have. */
    private static final Map<String, List<String>> QUIRKS = Map.of("keepalive", List.of("get_parameter", "options"));

    static RtspSettings parse(Map<String, String> settings) throws DriverException {
        List<Transport> transports = TRANSPORTS.get("tcp");
        Map<String, String> quirks = new TreeMap<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String name = setting.getKey();
            String value = setting.getValue();
            if (name.equals(TRANSPORT)) {
                transports = TRANSPORTS.get(value);
                if (transports == null) {
                    throw refuse(name, "must be one of auto, multicast, tcp, udp");
                }
            } else if (!QUIRKS.containsKey(name)) {
                throw refuse(name, "is not known to this driver; it knows keepalive and transport");
            } else if (!QUIRKS.get(name).contains(value)) {
                throw refuse(name, "must be one of " + String.join(", ", QUIRKS.get(name)));
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
