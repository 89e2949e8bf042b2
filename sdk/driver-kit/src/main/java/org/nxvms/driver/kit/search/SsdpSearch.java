// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds devices by SSDP (UPnP Device Architecture 1.1, 1.2, 1.3): by what they answer, and what they tell the group by themselves
 * when they come. What they describe of themselves elsewhere is not fetched.
 */
public final class SsdpSearch implements SearchProtocol {
    public static final int PORT = 1900;
    private static final List<InetAddress> GROUPS =
            List.of(SearchInterfaces.literal("239.255.255.250"), SearchInterfaces.literal("ff02::c"));
    private static final int HEADERS_MAX = 64;
    private static final int BYTES_MAX = 4_096;

    /**
     * What a device answered, or told everybody.
     *
     * @param target what it was found by, or announces
     * @param usn its name for good, with the target behind two colons
     * @param location where it describes itself; whatever it says
     * @param server what it runs
     * @param from the host that answered
     */
    public record Answer(String target, String usn, String location, String server, InetAddress from) {}

    /** Is told of what answers, perhaps several times. */
    @FunctionalInterface
    public interface Listener {
        void found(Answer answer);
    }

    private final List<String> targets;
    private final int port;
    private final Listener listener;

    /** @param targets of the search (ST), e.g. {@code urn:schemas-upnp-org:device:DigitalSecurityCamera:1} */
    public SsdpSearch(List<String> targets, Listener listener) {
        this(targets, PORT, listener);
    }

    /** @param port for tests, where nobody else shall hear */
    public SsdpSearch(List<String> targets, int port, Listener listener) {
        this.targets = List.copyOf(targets);
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
        return targets.stream()
                .map(target -> ("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:" + PORT
                                + "\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + target + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public void heard(byte[] datagram, InetAddress from) {
        read(datagram)
                .map(headers -> new Answer(
                        headers.getOrDefault("st", headers.getOrDefault("nt", "")),
                        headers.getOrDefault("usn", ""),
                        headers.getOrDefault("location", ""),
                        headers.getOrDefault("server", ""),
                        from))
                .filter(answer -> targets.contains(answer.target()))
                .ifPresent(listener::found);
    }

    /** {@return the headers of an answer, or of who says to be there, by name in lower case; empty for what is neither} */
    static Optional<Map<String, String>> read(byte[] datagram) {
        if (datagram.length > BYTES_MAX) {
            return Optional.empty();
        }
        String[] lines = new String(datagram, StandardCharsets.UTF_8).split("\r?\n", HEADERS_MAX + 2);
        boolean notify = lines[0].matches("NOTIFY \\* HTTP/1\\.[01]");
        if (!notify && !lines[0].matches("HTTP/1\\.[01] 200( .*)?")) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < Math.min(lines.length, HEADERS_MAX + 1) && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return notify && !headers.getOrDefault("nts", "").equals("ssdp:alive")
                ? Optional.empty()
                : Optional.of(headers);
    }
}
