// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * Where a device's services are, asked once a session.
 *
 * <p>Devices tell whole addresses, often of networks that we do not see (behind NAT, on a second interface): of each the
 * path and query count, at the host and port that the administrator typed, and the port where that one has nothing
 * ({@link OtherPorts}). So no device sends us to another one.
 */
final class Services {
    /** Where the Device service is when the administrator says nothing else (Core 5.1.1). */
    static final String DEVICE_PATH = "/onvif/device_service";

    static final String ASK_IDENTITY = "GetDeviceInformation";

    private final SoapClient soap;
    private final OtherPorts ports;
    private final Map<Service, String> paths = new EnumMap<>(Service.class);
    /** As told. */
    private final Map<Service, String> addresses = new EnumMap<>(Service.class);

    /** What was asked beside and not answered, since it was looked at. */
    private Optional<String> silence = Optional.empty();

    private Services(SoapClient soap, String devicePath) {
        this.soap = soap;
        this.ports = new OtherPorts(soap.http());
        paths.put(Service.DEVICE, devicePath);
    }

    static Services ask(SoapClient soap, String devicePath) throws DriverException {
        Services services = new Services(soap, devicePath);
        try {
            XmlNode answer = soap.callOpen(SoapClient.Call.of(
                    devicePath, Service.DEVICE, "GetServices", "<o:IncludeCapability>false</o:IncludeCapability>"));
            answer.all("Service").forEach(services::add);
        } catch (DriverException older) {
            if (older.kind() != Kind.UNSUPPORTED && older.kind() != Kind.PROTOCOL && older.kind() != Kind.CONFIG) {
                throw older;
            }
        }
        if (!services.has(Service.MEDIA) && !services.has(Service.MEDIA2)) {
            // A device from before GetServices (Core 2.1), or one that tells nothing by it.
            services.addCapabilities(soap.callOpen(
                    SoapClient.Call.of(devicePath, Service.DEVICE, "GetCapabilities", "<o:Category>All</o:Category>")));
        }
        return services;
    }

    private void add(XmlNode told) {
        for (Service service : Service.values()) {
            if (service != Service.DEVICE && service.namespace().equals(told.text("Namespace"))) {
                add(service, told.text("XAddr"));
            }
        }
    }

    private void add(Service service, String address) {
        path(address).ifPresent(path -> {
            paths.put(service, path);
            addresses.put(service, address);
        });
    }

    private void addCapabilities(XmlNode answer) {
        for (Service service : Service.values()) {
            if (service != Service.DEVICE && !service.capability().isEmpty()) {
                add(
                        service,
                        answer.find("Capabilities")
                                .map(all -> all.text((service.capability() + "/XAddr").split("/")))
                                .orElse(""));
            }
        }
    }

    /** {@return path and query of an address that a device tells; empty for what is none} */
    static Optional<String> path(String address) {
        return ToldAddress.of(address)
                .filter(told -> told.path().startsWith("/") && !told.path().startsWith("//"))
                .map(told -> told.path() + told.query());
    }

    boolean has(Service service) {
        return paths.containsKey(service);
    }

    SoapClient soap() {
        return soap;
    }

    DeviceHttp http() {
        return soap.http();
    }

    /** {@return the answer of a service that the device {@link #has}} @param content XML, the operation's prefix is {@code o} */
    XmlNode call(Service service, String name, String content) throws DriverException {
        return call(service, service, name, content);
    }

    /** As {@link #call(Service, String, String)}, at another service that knows the operation, too. */
    XmlNode call(Service at, Service service, String name, String content) throws DriverException {
        return soap.call(SoapClient.Call.of(path(at), service, name, content));
    }

    String path(Service service) throws DriverException {
        String path = paths.get(service);
        if (path == null) {
            throw new DriverException(
                    Kind.UNSUPPORTED, "The camera has no " + service.name() + " service; is it an ONVIF camera?");
        }
        return ports.target(addresses.getOrDefault(service, ""), path);
    }

    /** {@return where a part of the device is asked, as {@link #path(Service)}} @param address as the device told it */
    String target(String address, String path) throws DriverException {
        return ports.target(address, path);
    }

    /** As {@link #find}, for what is asked beside: no answer costs nothing else, if the device is there. */
    Optional<XmlNode> findBeside(Service service, String name, String content) throws DriverException {
        return findBeside(service, service, name, content);
    }

    /** As {@link #findBeside(Service, String, String)}, at another service that knows the operation, too. */
    Optional<XmlNode> findBeside(Service at, Service service, String name, String content) throws DriverException {
        try {
            return find(at, service, name, content);
        } catch (DriverException silent) {
            if (silent.kind() != Kind.UNREACHABLE) {
                throw silent;
            }
            call(Service.DEVICE, ASK_IDENTITY, "");
            silence = Optional.of(name + " got no answer");
            return Optional.empty();
        }
    }

    /** {@return what {@link #findBeside} got no answer to since this was asked last; empty when it got all} */
    Optional<String> silence() {
        Optional<String> since = silence;
        silence = Optional.empty();
        return since;
    }

    /** A part that does not answer does not mean that the camera is away: it is asked for something that each has. */
    void requireThere(DriverException part) throws DriverException {
        if (part.kind() == Kind.CLOSED || part.kind() == Kind.AUTH) {
            throw part;
        }
        if (part.kind() == Kind.UNREACHABLE) {
            call(Service.DEVICE, ASK_IDENTITY, "");
        }
    }

    /** As {@link #call(Service, String, String)}, for what a device need not have. */
    Optional<XmlNode> find(Service service, String name, String content) throws DriverException {
        return find(service, service, name, content);
    }

    private Optional<XmlNode> find(Service at, Service service, String name, String content) throws DriverException {
        try {
            return Optional.of(call(at, service, name, content));
        } catch (DriverException refused) {
            List<Kind> there = List.of(Kind.UNSUPPORTED, Kind.PROTOCOL, Kind.CONFIG, Kind.NOT_FOUND);
            if (there.contains(refused.kind())) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
