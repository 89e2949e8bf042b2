// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** Where the streams and the stills of a device are. The device is asked again each time: addresses change with its set-up. */
final class OnvifStreams implements DeviceSnapshot {
    private static final int RTSP_PORT = 554;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final List<Kind> REFUSED = List.of(Kind.CONFIG, Kind.UNSUPPORTED);

    private final Services services;
    private final Profiles profiles;
    private final OnvifMetadata metadata;
    private final OnvifSettings settings;
    private final Optional<Credentials> credentials;
    /** Ports that are told for stills and at which our login was refused; not asked again by this session. */
    private final Set<Integer> strangers = ConcurrentHashMap.newKeySet();

    OnvifStreams(
            Services services,
            Profiles profiles,
            OnvifMetadata metadata,
            OnvifSettings settings,
            Optional<Credentials> credentials) {
        this.services = services;
        this.profiles = profiles;
        this.metadata = metadata;
        this.settings = settings;
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
                role, profile.name().isEmpty() ? profile.token() : profile.name(), endpoint(role, profile));
    }

    private StreamEndpoint endpoint(StreamRole role, Profile profile) throws DriverException {
        StreamWay way = settings.way();
        String told = told(profile, way);
        URI base = services.http().base();
        URI uri = streamUri(told, base.getHost());
        Map<String, String> quirks = new TreeMap<>(settings.quirks());
        if (way == StreamWay.HTTPS && !uri.getScheme().equals("rtsps")) {
            uri = withTls(uri, base);
        }
        if (way == StreamWay.HTTP && tunnelsElsewhere(told, uri, base)) {
            quirks.putIfAbsent(StreamEndpoint.TUNNEL_PORT, Integer.toString(base.getPort()));
        }
        if (!settings.verify() && uri.getScheme().equals("rtsps")) {
            quirks.put(StreamEndpoint.TLS, "any");
        }
        if (metadata.isPutInto(role)) {
            quirks.put(StreamEndpoint.METADATA, "added");
        }
        return new StreamEndpoint(uri, credentials, way.transports(), quirks);
    }

    /** A device that names its usual port of RTSP lets tunnels in where it is spoken to, which need not be port 80. */
    private static boolean tunnelsElsewhere(String told, URI uri, URI base) {
        boolean names = told.regionMatches(true, 0, "http", 0, 4);
        boolean usual = uri.getPort() < 0 || uri.getPort() == RTSP_PORT;
        return !names && usual && "http".equals(base.getScheme()) && base.getPort() > 0 && base.getPort() != HTTP_PORT;
    }

    /** {@return the same address in TLS, by the port at which the device speaks HTTPS} */
    private static URI withTls(URI uri, URI base) {
        int port = "https".equals(base.getScheme()) && base.getPort() > 0 ? base.getPort() : HTTPS_PORT;
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        return URI.create("rtsps://" + uri.getHost() + ":" + port + path);
    }

    /** {@return where the main stream is for who fetches it over TCP} */
    URI overTcp() throws DriverException {
        return streamUri(
                told(profiles.main(), StreamWay.TCP), services.http().base().getHost());
    }

    private String told(Profile profile, StreamWay way) throws DriverException {
        String token = "<o:ProfileToken>" + SoapText.escaped(profile.token()) + "</o:ProfileToken>";
        try {
            return profiles.media2()
                    ? services.call(Service.MEDIA2, "GetStreamUri", way.media2() + token)
                            .text("Uri")
                    : services.call(Service.MEDIA, "GetStreamUri", way.media() + token)
                            .text("MediaUri", "Uri");
        } catch (DriverException refused) {
            if (way == StreamWay.MULTICAST && REFUSED.contains(refused.kind())) {
                throw new DriverException(
                        refused.kind(),
                        "The camera sends no multicast of its profile " + DeviceHttp.words(profile.token())
                                + "; set it up in the camera, or choose another transport. It says: "
                                + refused.getMessage());
            }
            throw refused;
        }
    }

    /** {@return the address at the host that the administrator typed, without a login in it} */
    static URI streamUri(String told, String host) throws DriverException {
        // An address for the tunnel names HTTP in some devices; what goes through it is RTSP.
        ToldAddress address = ToldAddress.of(told)
                .filter(one -> one.scheme().matches("rtsps?|https?"))
                .filter(one -> one.named() || one.path().startsWith("/"))
                .filter(one -> one.port().orElse(0) <= ToldAddress.PORT_MAX)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera's answer to GetStreamUri, '" + DeviceHttp.words(told)
                                + "', is no address of a stream."));
        boolean tls = address.scheme().equals("rtsps") || address.scheme().equals("https");
        int port = address.port().orElse(0);
        return URI.create((tls ? "rtsps" : "rtsp") + "://" + host + (port < 1 ? "" : ":" + port)
                + (address.path().startsWith("/") ? "" : "/") + address.path() + address.query());
    }

    /**
     * {@return what is at the port that the device tells, if that is another one of the same scheme that answers} The host
     * stays. A stranger may be there, or in between: it is asked without a login first, learns no password by its challenge,
     * and is shown no login a second time once it has refused one.
     */
    private Optional<HttpResponse<byte[]>> elsewhere(String told, String target) throws DriverException {
        URI base = services.http().base();
        OptionalInt port = OtherPorts.other(base, told);
        if (port.isEmpty() || strangers.contains(port.getAsInt())) {
            return Optional.empty();
        }
        DeviceHttp there =
                services.http().atPort(base.getScheme(), port.getAsInt(), credentials.map(Credentials::onlyByDigest));
        try {
            HttpResponse<byte[]> answer = there.exchange(DeviceHttp.Ask.get(target), BYTES_MAX);
            if (answer.statusCode() == 401) {
                strangers.add(port.getAsInt());
                return Optional.empty();
            }
            return Optional.of(answer);
        } catch (DriverException none) {
            // Whatever is wrong with who is there, the device itself has no still for us.
            if (none.kind() == Kind.CLOSED) {
                throw none;
            }
            return Optional.empty();
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
        HttpResponse<byte[]> response = services.http().exchange(DeviceHttp.Ask.get(target), BYTES_MAX);
        if (OtherPorts.isNothing(response.statusCode())) {
            response = elsewhere(told, target).orElse(response);
        }
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
