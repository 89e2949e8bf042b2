// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.stream;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.Wording;

/** Settings of cameras by RTSP that are handed on as quirks of their names ({@link StreamEndpoint}). */
public final class StreamSettings {
    public static final DriverSetting TUNNEL_PORT = DriverSetting.integer(
                    StreamEndpoint.TUNNEL_PORT,
                    Wording.of("Port of the HTTP tunnel").in("de", "Port des HTTP-Tunnels"),
                    1,
                    65_535)
            .described(Wording.of("Else 80, or 443 with rtsps.").in("de", "Sonst 80, bei rtsps 443."));

    public static final DriverSetting MULTICAST_INTERFACE = DriverSetting.string(
                    StreamEndpoint.MULTICAST_INTERFACE,
                    Wording.of("Network interface for multicast").in("de", "Netzwerkanschluss für Multicast"))
            .described(Wording.of("Its name or address, where groups are joined.")
                    .in("de", "Sein Name oder seine Adresse; dort wird den Gruppen beigetreten."))
            .matching(
                    Pattern.compile("[\\w.:%@-]{1,64}"),
                    Wording.of("must be the name or address of a network interface"));

    public static final DriverSetting MULTICAST_SOURCE = DriverSetting.string(
                    StreamEndpoint.MULTICAST_SOURCE,
                    Wording.of("Sender of multicast").in("de", "Absender bei Multicast"))
            .described(Wording.of("Whose packets are taken: an IP address, or any.")
                    .in("de", "Wessen Pakete genommen werden: eine IP-Adresse oder any."))
            .matching(Pattern.compile("any|[0-9a-fA-F.:]{2,45}"), Wording.of("must be an IP address, or any"));

    public static final DriverSetting UDP_SOURCE = DriverSetting.string(
                    StreamEndpoint.UDP_SOURCE, Wording.of("Sender of UDP").in("de", "Absender bei UDP"))
            .described(Wording.of("The only address UDP packets are taken from, where not the camera's own.")
                    .in("de", "Einzige Adresse, von der UDP-Pakete genommen werden, wenn nicht die der Kamera."))
            .matching(Pattern.compile("[0-9a-fA-F.:]{2,45}"), Wording.of("must be an IP address"));

    private static final List<DriverSetting> ALL =
            List.of(TUNNEL_PORT, MULTICAST_INTERFACE, MULTICAST_SOURCE, UDP_SOURCE);

    private StreamSettings() {}

    /** {@return those of a camera's settings that are quirks of its endpoints} */
    public static Map<String, String> quirks(Map<String, String> settings) {
        Map<String, String> quirks = new TreeMap<>();
        for (DriverSetting one : ALL) {
            if (settings.containsKey(one.name())) {
                quirks.put(one.name(), settings.get(one.name()));
            }
        }
        return quirks;
    }
}
