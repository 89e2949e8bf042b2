// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.stream.StreamSettings;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.DriverSetting.Choice;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.Wording;

/** The settings of an RTSP camera. All but the transport are handed on as quirks of their names ({@link StreamEndpoint}). */
record RtspSettings(List<Transport> transports, Map<String, String> quirks) {
    private static final String TRANSPORT = "transport";
    private static final String TRANSPORT_DEFAULT = "tcp";
    private static final Map<String, List<Transport>> TRANSPORTS = Map.of(
            "tcp", List.of(Transport.TCP),
            "udp", List.of(Transport.UDP),
            "multicast", List.of(Transport.MULTICAST),
            "http", List.of(Transport.HTTP),
            "auto", List.of(Transport.TCP, Transport.UDP));

    /** What can be set, and what it must look like. */
    static final List<DriverSetting> KNOWN = List.of(
            DriverSetting.choice(
                            TRANSPORT,
                            Wording.of("Transport").in("de", "Übertragung"),
                            List.of(
                                    choice("tcp", "TCP, within the RTSP connection", "TCP, in der RTSP-Verbindung"),
                                    choice("udp", "UDP", "UDP"),
                                    choice("multicast", "UDP multicast", "UDP-Multicast"),
                                    choice("http", "HTTP tunnel", "HTTP-Tunnel"),
                                    choice("auto", "TCP, and UDP where that fails", "TCP, sonst UDP")))
                    .described(Wording.of("How the pictures travel.").in("de", "Auf welchem Weg die Bilder kommen."))
                    .byDefault(TRANSPORT_DEFAULT),
            DriverSetting.choice(
                            StreamEndpoint.KEEP_ALIVE,
                            Wording.of("Keep-alive").in("de", "Lebenszeichen"),
                            List.of(
                                    choice("options", "OPTIONS", "OPTIONS"),
                                    choice("get_parameter", "GET_PARAMETER", "GET_PARAMETER"),
                                    choice("set_parameter", "SET_PARAMETER", "SET_PARAMETER")))
                    .described(Wording.of(
                                    "The request that keeps the session, for cameras that do not follow RFC 2326.")
                            .in("de", "Die Anfrage, die die Sitzung hält, für Kameras, die RFC 2326 nicht folgen.")),
            DriverSetting.string(StreamEndpoint.TLS, Wording.of("Certificate").in("de", "Zertifikat"))
                    .described(Wording.of("Of rtsps cameras: trusted, any, or pinned: with its SHA-256 fingerprint.")
                            .in("de", "Bei rtsps: trusted, any oder pinned: mit seinem SHA-256-Fingerabdruck."))
                    .matching(
                            Pattern.compile("trusted|any|pinned:([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}"),
                            Wording.of("must be trusted, any, or pinned: with the SHA-256 fingerprint of the camera's"
                                    + " certificate"))
                    .byDefault("trusted"),
            StreamSettings.TUNNEL_PORT,
            StreamSettings.MULTICAST_INTERFACE,
            StreamSettings.MULTICAST_SOURCE,
            StreamSettings.UDP_SOURCE);

    private static Choice choice(String value, String english, String german) {
        return new Choice(value, Wording.of(english).in("de", german));
    }

    static RtspSettings parse(Map<String, String> settings) throws DriverException {
        DriverSetting.check(KNOWN, settings);
        Map<String, String> quirks = new TreeMap<>(settings);
        quirks.remove(TRANSPORT);
        // A default that was typed in means the same as none: another endpoint would interrupt the recording.
        KNOWN.forEach(setting -> setting.defaultValue().ifPresent(usual -> quirks.remove(setting.name(), usual)));
        return new RtspSettings(TRANSPORTS.get(settings.getOrDefault(TRANSPORT, TRANSPORT_DEFAULT)), quirks);
    }
}
