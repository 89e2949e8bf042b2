// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.nxvms.platform.api.ServerIdentity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints that are open, of all drivers. Any thread. */
@Component(service = PushRegistry.class, configurationPid = "org.nxvms.push")
@Designate(ocd = PushRegistry.Settings.class)
public final class PushRegistry {
    /** Settings of {@code etc/org.nxvms.push.cfg}. */
    @ObjectClassDefinition(
            name = "NXvms push endpoints",
            description =
                    "Where devices deliver by themselves, for drivers whose protocol needs it. Applied at once, to"
                            + " endpoints that are opened from then on.")
    @interface Settings {
        @AttributeDefinition(
                name = "Address of the server for devices",
                description = "Scheme, host and port that devices reach the server's web port at, e.g."
                        + " https://192.0.2.5:8443 or that of a proxy. Empty: https, the address of this machine on the"
                        + " device's side, and the server's own HTTPS port")
        String baseUrl() default "";

        @AttributeDefinition(
                name = "TCP ports",
                description =
                        "From which devices' ports are taken, e.g. 20000-20099, so that a firewall can let them in."
                                + " 0: any free port, another one after each restart")
        String tcpPorts() default "0";
    }

    /** Each has a device; more would be a fault. */
    static final int ENDPOINTS_MAX = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(PushRegistry.class);
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
    private static final Pattern PURPOSE = Pattern.compile("[A-Za-z0-9-]{1," + PushEndpoints.PURPOSE_CHARS_MAX + "}");
    private static final int HTTPS_PORT = 8443;
    private static final int BACKLOG = 16;

    private final ServerIdentity server;
    private final Map<String, HttpInbox> inboxes = new ConcurrentHashMap<>();
    private final Map<String, TcpPort> ports = new ConcurrentHashMap<>();
    private volatile Settings settings;
    private Optional<PushSecret> secret = Optional.empty();

    @Activate
    public PushRegistry(@Reference ServerIdentity server, Settings settings) {
        this.server = server;
        this.settings = settings;
    }

    @Modified
    void configure(Settings now) {
        settings = now;
    }

    @Deactivate
    void close() {
        inboxes.values().forEach(HttpInbox::close);
        ports.values().forEach(TcpPort::close);
    }

    /** {@return the inbox of a token} */
    Optional<HttpInbox> inbox(String token) {
        return Optional.ofNullable(inboxes.get(token));
    }

    /** @param driver symbolic name of the driver's bundle: its versions share an endpoint, the newer one takes it over */
    PushInbox http(String driver, DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
        String token = token(driver, device, purpose);
        URI address = URI.create(baseUrl(device) + PushContext.PATH + "/" + token);
        HttpInbox[] opened = new HttpInbox[1];
        HttpInbox inbox = new HttpInbox(address, limits, () -> inboxes.remove(token, opened[0]));
        opened[0] = inbox;
        requireRoom();
        HttpInbox before = inboxes.put(token, inbox);
        if (before != null) {
            before.close();
        }
        return inbox;
    }

    PushPort tcp(String driver, DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
        String token = token(driver, device, purpose);
        requireRoom();
        Optional.ofNullable(ports.get(token)).ifPresent(TcpPort::close);
        InetAddress own = ownAddress(device);
        ServerSocketChannel channel = bind(token);
        try {
            int number = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            TcpPort[] opened = new TcpPort[1];
            TcpPort port = new TcpPort(
                    channel,
                    new InetSocketAddress(own, number),
                    host(device),
                    limits,
                    () -> ports.remove(token, opened[0]));
            opened[0] = port;
            ports.put(token, port);
            return port;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new DriverException(
                    Kind.CONFIG, "The device's host " + host(device) + " has no address; check it.", e);
        }
    }

    private void requireRoom() throws DriverException {
        if (inboxes.size() + ports.size() >= ENDPOINTS_MAX) {
            throw new DriverException(Kind.BUSY, "More than " + ENDPOINTS_MAX + " push endpoints are open.");
        }
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A port did not close cleanly: {}", e.toString());
        }
    }

    private synchronized String token(String driver, DeviceTarget device, String purpose) throws DriverException {
        if (!PURPOSE.matcher(purpose).matches()) {
            throw new IllegalArgumentException(
                    "a purpose has 1.." + PushEndpoints.PURPOSE_CHARS_MAX + " letters, digits and hyphens");
        }
        if (secret.isEmpty()) {
            try {
                secret = Optional.of(PushSecret.open(server.dataFolder().resolve("keys/push")));
            } catch (IOException e) {
                throw new DriverException(
                        Kind.CONFIG, "The secret of push endpoints cannot be read: " + e.getMessage() + ".", e);
            }
        }
        return secret.get().token(driver, device.address().toString(), purpose);
    }

    private String baseUrl(DeviceTarget device) throws DriverException {
        String given = settings.baseUrl().strip();
        if (!given.isEmpty()) {
            try {
                URI uri = new URI(given);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
                }
            } catch (URISyntaxException e) {
                LOG.debug("baseUrl", e);
            }
            throw new DriverException(
                    Kind.CONFIG, "The setting baseUrl of org.nxvms.push must look like https://192.0.2.5:8443.");
        }
        String host = ownAddress(device).getHostAddress();
        String written = host.contains(":") ? "[" + host.replaceAll("%.*", "") + "]" : host;
        return "https://" + written + ":" + httpsPort();
    }

    private static int httpsPort() {
        String port = Optional.ofNullable(System.getenv("NXVMS_HTTPS_PORT")).orElse("");
        return port.matches("\\d{1,5}") ? Integer.parseInt(port) : HTTPS_PORT;
    }

    private static String host(DeviceTarget device) throws DriverException {
        String host = device.address().getHost();
        if (host == null) {
            throw new DriverException(Kind.CONFIG, "The field address names no host that could deliver anything.");
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** {@return this machine's address on the device's side}: what the routing says, without a packet being sent. */
    private static InetAddress ownAddress(DeviceTarget device) throws DriverException {
        String host = host(device);
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(new InetSocketAddress(InetAddress.getByName(host), 9));
            return probe.getLocalAddress();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new DriverException(
                    Kind.CONFIG,
                    "This server has no address that the device " + host + " could reach; check the network, or set"
                            + " baseUrl of org.nxvms.push.",
                    e);
        }
    }

    /** Within a range the same endpoint gets the same port again, unless another took it. */
    private ServerSocketChannel bind(String token) throws DriverException {
        int first = 0;
        int count = 1;
        String given = settings.tcpPorts().strip();
        Matcher range = RANGE.matcher(given);
        if (range.matches()) {
            first = Integer.parseInt(range.group(1));
            count = Integer.parseInt(range.group(2)) - first + 1;
        }
        if (first == 0 && !given.equals("0") || count < 1 || first + count > 65_536) {
            throw new DriverException(
                    Kind.CONFIG, "The setting tcpPorts of org.nxvms.push must be 0 or look like 20000-20099.");
        }
        int start = Math.floorMod(token.hashCode(), count);
        for (int i = 0; i < count; i++) {
            try {
                ServerSocketChannel channel = ServerSocketChannel.open();
                try {
                    return channel.bind(new InetSocketAddress(first == 0 ? 0 : first + (start + i) % count), BACKLOG);
                } catch (IOException taken) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new DriverException(Kind.CONFIG, "This server can open no port: " + e.getMessage() + ".", e);
            }
        }
        throw new DriverException(
                Kind.CONFIG, "No port of " + settings.tcpPorts() + " is free; set tcpPorts of org.nxvms.push wider.");
    }
}
