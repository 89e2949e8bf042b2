// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.SearchProtocol;
import org.nxvms.driver.kit.search.Sightings;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/**
 * Asks for devices by WS-Discovery as ONVIF has it (Core 7; the version of April 2005), and reads what they answer: by local
 * names, since devices mix up the namespaces of the versions.
 */
final class WsDiscovery implements SearchProtocol {
    /** WS-Discovery 2.4. */
    static final int PORT = 3702;

    private static final List<InetAddress> GROUPS = List.of(group("239.255.255.250"), group("ff02::c"));

    /** Older devices know the first only, some newer ones the second. */
    private static final List<String> TYPES = List.of("dn:NetworkVideoTransmitter", "tds:Device");

    /** What one datagram may tell of; a device is one, an encoder with a service for each input some. */
    private static final int MATCHES_MAX = 32;

    private final int port;
    private final SearchFindings findings;
    private final Sightings sightings = new Sightings();
    private final Set<InetAddress> hosts = new HashSet<>();

    WsDiscovery(SearchFindings findings) {
        this(PORT, findings);
    }

    WsDiscovery(int port, SearchFindings findings) {
        this.port = port;
        this.findings = findings;
    }

    private static InetAddress group(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address needs no look-up", impossible);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<InetAddress> groups() {
        return GROUPS;
    }

    @Override
    public List<byte[]> questions() {
        return TYPES.stream().map(WsDiscovery::probe).toList();
    }

    private static byte[] probe(String type) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"\
                 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"\
                 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"\
                 xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">\
                <s:Header><a:MessageID>urn:uuid:%s</a:MessageID>\
                <a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>\
                <a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>\
                <s:Body><d:Probe><d:Types>%s</d:Types></d:Probe></s:Body></s:Envelope>"""
                .formatted(UUID.randomUUID(), type)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Devices say when they come and when they go (WS-Discovery 4). */
    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public void heard(byte[] datagram, InetAddress from) {
        for (ProbeMatch match : present(datagram)) {
            match.device(from)
                    .filter(device -> note(from))
                    .filter(device -> sightings.isNew(device.address(), match.endpoint()))
                    .ifPresent(device -> findings.found(device, match.endpoint()));
        }
        gone(datagram).filter(endpoint -> sightings.forget(endpoint, from)).ifPresent(findings::gone);
    }

    private boolean note(InetAddress host) {
        hosts.add(host);
        return true;
    }

    /** {@return whether a host has told of a device} */
    boolean hasFound(InetAddress host) {
        return hosts.contains(host);
    }

    /** A device that has answered by HTTP alone, which says nothing of itself before a login. */
    void byHttp(URI address) {
        if (sightings.isNew(address, "")) {
            findings.found(new FoundDevice(address, "", new DeviceIdentity("", "", "", "", "")), "");
        }
    }

    /** Some devices announce their service by multicast DNS alone. */
    void service(MdnsSearch.Instance instance) {
        note(instance.from());
        DeviceIdentity identity = new DeviceIdentity(
                "", "", "", "", Sightings.mac(instance.texts().getOrDefault("macaddress", "")));
        Sightings.address("http", instance.from(), instance.port(), "")
                .filter(address -> sightings.isNew(address, ""))
                .ifPresent(address ->
                        findings.found(new FoundDevice(address, Sightings.shown(instance.name()), identity), ""));
    }

    /** {@return the devices of an answer, or of a greeting, that are ONVIF's; none of another message} */
    static List<ProbeMatch> present(byte[] datagram) {
        return body(datagram)
                .map(body -> Stream.concat(
                                body.all("ProbeMatches").stream().flatMap(found -> found.all("ProbeMatch").stream()),
                                body.all("Hello").stream())
                        .limit(MATCHES_MAX)
                        .map(ProbeMatch::of)
                        .filter(ProbeMatch::isOnvif)
                        .toList())
                .orElse(List.of());
    }

    /** {@return the endpoint of a device that says goodbye} */
    static Optional<String> gone(byte[] datagram) {
        return body(datagram)
                .flatMap(body -> body.find("Bye"))
                .map(ProbeMatch::of)
                .map(ProbeMatch::endpoint)
                .filter(endpoint -> !endpoint.isEmpty());
    }

    private static Optional<XmlNode> body(byte[] datagram) {
        try {
            return XmlNode.read(datagram).find("Body");
        } catch (DriverException notXml) {
            // From anybody in the network; there is nobody to tell.
            return Optional.empty();
        }
    }
}
