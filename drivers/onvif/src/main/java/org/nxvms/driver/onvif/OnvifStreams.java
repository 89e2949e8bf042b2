// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** Where the streams and the stills of a device are. The device is asked again each time: addresses change with its set-up. */
final class OnvifStreams implements DeviceSnapshot {
    private final Services services;
    private final Profiles profiles;
    private final Transport transport;
    private final Optional<Credentials> credentials;

    OnvifStreams(Services services, Profiles profiles, Transport transport, Optional<Credentials> credentials) {
        this.services = services;
        this.profiles = profiles;
        this.transport = transport;
        this.credentials = credentials;
    }

    List<StreamOffer> offers() throws DriverException {
        List<StreamOffer> offers = new ArrayList<>(2);
        offers.add(offer(StreamRole.MAIN, profiles.main()));
        if (profiles.sub().isPresent()) {
            offers.add(offer(StreamRole.SUB, profiles.sub().get()));
        }
        return List.copyOf(offers);
    }

    private StreamOffer offer(StreamRole role, Profile profile) throws DriverException {
        return new StreamOffer(
                role,
                profile.name().isEmpty() ? profile.token() : profile.name(),
                new StreamEndpoint(streamUri(profile, transport), credentials, List.of(transport), Map.of()));
    }

    /** {@return where the main stream is for who fetches it over TCP} */
    URI overTcp() throws DriverException {
        return streamUri(profiles.main(), Transport.TCP);
    }

    private URI streamUri(Profile profile, Transport transport) throws DriverException {
        String token = "<o:ProfileToken>" + SoapText.escaped(profile.token()) + "</o:ProfileToken>";
        String told;
        if (profiles.media2()) {
            String protocol =
                    switch (transport) {
                        case UDP -> "RtspUnicast";
                        case HTTP -> "RtspOverHttp";
                        default -> "RTSP";
                    };
            told = services.call(Service.MEDIA2, "GetStreamUri", "<o:Protocol>" + protocol + "</o:Protocol>" + token)
                    .text("Uri");
        } else {
            String protocol =
                    switch (transport) {
                        case UDP -> "UDP";
                        case HTTP -> "HTTP";
                        default -> "RTSP";
                    };
            told = services.call(
                            Service.MEDIA,
                            "GetStreamUri",
                            "<o:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>" + protocol
                                    + "</tt:Protocol></tt:Transport></o:StreamSetup>" + token)
                    .text("MediaUri", "Uri");
        }
        return streamUri(told, services.http().base().getHost());
    }

    /** {@return the address at the host that the administrator typed, without a login in it} */
    static URI streamUri(String told, String host) throws DriverException {
        try {
            URI uri = new URI(told);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(java.util.Locale.ROOT);
            // An address for the tunnel names HTTP in some devices; what goes through it is RTSP.
            boolean tls = scheme.equals("rtsps") || scheme.equals("https");
            if (!scheme.matches("rtsps?|https?") || uri.getRawPath() == null || uri.getPort() > 65_535) {
                throw new URISyntaxException(told, "no address of RTSP");
            }
            String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            return new URI((tls ? "rtsps" : "rtsp") + "://" + host + (uri.getPort() < 1 ? "" : ":" + uri.getPort())
                    + (path.startsWith("/") ? "" : "/") + path);
        } catch (URISyntaxException none) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The camera's answer to GetStreamUri, '" + DeviceHttp.words(told) + "', is no address of a stream.",
                    none);
        }
    }

    @Override
    public byte[] jpeg(StreamRole role) throws DriverException {
        Profile profile = role == StreamRole.SUB ? profiles.sub().orElse(profiles.main()) : profiles.main();
        String token = "<o:ProfileToken>" + SoapText.escaped(profile.token()) + "</o:ProfileToken>";
        String told = profiles.media2()
                ? services.call(Service.MEDIA2, "GetSnapshotUri", token).text("Uri")
                : services.call(Service.MEDIA, "GetSnapshotUri", token).text("MediaUri", "Uri");
        String target = Services.path(told)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera's answer to GetSnapshotUri, '" + DeviceHttp.words(told) + "', is no address."));
        var response = services.http().exchange(DeviceHttp.Ask.get(target), BYTES_MAX);
        byte[] bytes = response.body();
        if (response.statusCode() == 401) {
            throw services.http().loginTrouble();
        }
        boolean jpeg = bytes.length >= 4 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8;
        if (response.statusCode() != 200 || !jpeg) {
            throw new DriverException(
                    response.statusCode() == 503 ? Kind.BUSY : Kind.PROTOCOL,
                    "The camera's snapshot is no JPEG (status " + response.statusCode() + ").");
        }
        return bytes;
    }
}
