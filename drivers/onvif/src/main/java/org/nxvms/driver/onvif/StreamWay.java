// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.Wording;

/**
 * How pictures shall travel: what a device is asked for ({@code GetStreamUri}, Media 5.15.1, Media2 5.6.2), and what is then
 * fetched. All of it is RTSP; SRTP, which Media2 knows as {@code Rtsps...}, is not.
 */
enum StreamWay {
    /** Within the RTSP connection. */
    TCP("RTSP", "RTP-Unicast", "RTSP", Wording.of("TCP"), Transport.TCP),
    UDP("RtspUnicast", "RTP-Unicast", "UDP", Wording.of("UDP"), Transport.UDP),
    /** To a group, for whoever joins it. */
    MULTICAST(
            "RtspMulticast",
            "RTP-Multicast",
            "UDP",
            Wording.of("UDP multicast").in("de", "UDP-Multicast"),
            Transport.MULTICAST),
    HTTP("RtspOverHttp", "RTP-Unicast", "HTTP", Wording.of("RTSP in HTTP"), Transport.HTTP),
    /** The same words as for HTTP: TLS is the connection's (Streaming 5.1.1.5). */
    HTTPS("RtspOverHttp", "RTP-Unicast", "HTTP", Wording.of("RTSP in HTTPS"), Transport.HTTP),
    /** Asked for as TCP, which says the same address. */
    AUTO(
            "RTSP",
            "RTP-Unicast",
            "RTSP",
            Wording.of("TCP, and UDP where that fails").in("de", "TCP, sonst UDP"),
            Transport.TCP,
            Transport.UDP);

    private final String protocol2;
    private final String stream;
    private final String protocol;
    private final Wording words;
    private final List<Transport> transports;

    StreamWay(String protocol2, String stream, String protocol, Wording words, Transport... transports) {
        this.protocol2 = protocol2;
        this.stream = stream;
        this.protocol = protocol;
        this.words = words;
        this.transports = List.of(transports);
    }

    static StreamWay of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }

    DriverSetting.Choice choice() {
        return new DriverSetting.Choice(name().toLowerCase(Locale.ROOT), words);
    }

    /** {@return what is tried, best first} */
    List<Transport> transports() {
        return transports;
    }

    /** {@return what Media2 is asked for, but for the profile} */
    String media2() {
        return "<o:Protocol>" + protocol2 + "</o:Protocol>";
    }

    /** {@return what Media is asked for, but for the profile} */
    String media() {
        return "<o:StreamSetup><tt:Stream>" + stream + "</tt:Stream><tt:Transport><tt:Protocol>" + protocol
                + "</tt:Protocol></tt:Transport></o:StreamSetup>";
    }
}
