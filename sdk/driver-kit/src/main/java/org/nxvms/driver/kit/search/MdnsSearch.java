// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds services by multicast DNS (RFC 6762, RFC 6763), as somebody who only asks: from a port of its own, once a round. */
public final class MdnsSearch implements SearchProtocol {
    private static final int PORT = 5353;
    private static final List<InetAddress> GROUPS =
            List.of(SearchInterfaces.literal("224.0.0.251"), SearchInterfaces.literal("ff02::fb"));
    /** What one datagram may tell of. */
    private static final int INSTANCES_MAX = 32;

    /**
     * A service of a device.
     *
     * @param service e.g. {@code _rtsp._tcp}
     * @param name what people call it; whatever its maker put there
     * @param port empty when it did not say
     * @param texts by key in lower case
     * @param from the host that answered
     */
    public record Instance(
            String service, String name, Optional<Integer> port, Map<String, String> texts, InetAddress from) {
        public Instance {
            texts = Map.copyOf(texts);
        }
    }

    /** Is told of what answers, perhaps several times. */
    @FunctionalInterface
    public interface Listener {
        void found(Instance instance);
    }

    private final List<String> services;
    private final int port;
    private final Listener listener;

    /** @param services e.g. {@code _rtsp._tcp} */
    public MdnsSearch(List<String> services, Listener listener) {
        this(services, PORT, listener);
    }

    /** @param port for tests, where nobody else shall hear */
    public MdnsSearch(List<String> services, int port, Listener listener) {
        this.services = List.copyOf(services);
        this.port = port;
        this.listener = listener;
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
        return List.of(DnsMessage.question(services));
    }

    @Override
    public void heard(byte[] datagram, InetAddress from) {
        DnsMessage.read(datagram).ifPresent(message -> {
            for (String service : services) {
                message.instances(service).stream().limit(INSTANCES_MAX).forEach(instance -> {
                    String name = instance.substring(0, instance.length() - service.length() - ".local".length() - 1);
                    listener.found(new Instance(service, name, message.port(instance), message.texts(instance), from));
                });
            }
        });
    }
}
