// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asks when a proxy stands between: guesses, requests and what only the machine itself may do are counted and judged
 * by the client's address then, not by the proxy's.
 *
 * <p>A proxy adds its client at the end of a header, so the last address there that is no proxy of ours is believed, and
 * nothing before it. A request that was passed on by somebody who is not named is nobody's: its address is unknown, and in
 * particular it does not come from this machine, whatever the connection says. So is one by a named proxy that does not say
 * for whom, or that names its own machine's loopback address.
 *
 * <p>A proxy that adds no header at all cannot be told from a program on its machine.
 */
final class TrustedProxies {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedProxies.class);
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final String PROTOCOL = "X-Forwarded-Proto";
    /** What tells that somebody stands between, whether or not it says who asks. */
    private static final List<String> PASSED_ON = List.of(FORWARDED_FOR, FORWARDED, "X-Real-IP", "Via");

    /** RFC 7239 4: one parameter of one element. */
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for=\"?([^\";]*)\"?");
    /** {@code [address]:port}, {@code address:port} of IPv4, or the address alone. */
    private static final Pattern NODE =
            Pattern.compile("\\[([^\\]]*)\\](?::\\w+)?|((?:\\d+\\.){3}\\d+)(?::\\d+)?|([0-9A-Fa-f:.]+)");

    private static final InetSocketAddress UNKNOWN = new InetSocketAddress("0.0.0.0", 0);

    private final List<AddressRange> trusted;
    private final String header;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean toldOfHeader = new AtomicBoolean();

    /**
     * @param settings addresses and ranges with commas between; what is none is passed over and said in the log
     * @param forwarded whether proxies write {@code Forwarded} (RFC 7239) instead of {@code X-Forwarded-For}
     */
    TrustedProxies(String settings, boolean forwarded) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : settings.split(",")) {
            Optional<AddressRange> range = AddressRange.parse(text.strip());
            range.ifPresent(ranges::add);
            if (range.isEmpty() && !text.isBlank()) {
                LOG.warn(
                        "\"{}\" in trustedProxies of org.nxvms.web is no address and trusts nobody: write it like"
                                + " 127.0.0.1 or 10.1.0.0/16",
                        text.strip());
            }
        }
        trusted = List.copyOf(ranges);
        header = forwarded ? FORWARDED : FORWARDED_FOR;
    }

    boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    /** Puts the client's address in the place of the proxy's. */
    void reveal(Request request) {
        Optional<InetAddress> peer = AddressRange.address(bare(request.getRemoteAddr()));
        if (peer.isEmpty()) {
            return;
        }
        boolean passedOn = PASSED_ON.stream().anyMatch(name -> request.getHeader(name) != null);
        if (!isTrusted(peer.get())) {
            if (passedOn && peer.get().isLoopbackAddress()) {
                tellOnce();
                request.setRemoteAddr(UNKNOWN);
            }
            return;
        }
        List<String> nodes = nodes(request);
        if (nodes.isEmpty()) {
            if (passedOn) {
                tellOfHeaderOnce(peer.get());
                request.setRemoteAddr(UNKNOWN);
            }
            return;
        }
        request.setRemoteAddr(client(nodes, peer.get().isLoopbackAddress()));
        if ("https".equalsIgnoreCase(request.getHeader(PROTOCOL))) {
            request.setSecure(true);
            request.setScheme("https");
        }
    }

    private void tellOnce() {
        if (told.compareAndSet(false, true)) {
            LOG.warn("A proxy on this machine passes requests on. Name it in trustedProxies of etc/org.nxvms.web.cfg,"
                    + " else all its clients are counted as one");
        }
    }

    private void tellOfHeaderOnce(InetAddress proxy) {
        if (toldOfHeader.compareAndSet(false, true)) {
            LOG.warn(
                    "The proxy {} does not say by {} for whom it asks, so that all its clients are counted as one. Let it"
                            + " write that header, or set proxiesWriteForwarded of etc/org.nxvms.web.cfg",
                    proxy.getHostAddress(),
                    header);
        }
    }

    /** @param here whether the proxy runs on this machine, whose loopback address is the only one that means it */
    private InetSocketAddress client(List<String> nodes, boolean here) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Optional<InetAddress> address = node(nodes.get(i));
            if (address.isEmpty()) {
                return UNKNOWN;
            }
            if (!isTrusted(address.get())) {
                boolean machineItself =
                        address.get().isLoopbackAddress() || address.get().isAnyLocalAddress();
                return machineItself && !here ? UNKNOWN : new InetSocketAddress(address.get(), 0);
            }
        }
        return UNKNOWN;
    }

    /** {@return all the header says, whether in one line or in several} */
    private List<String> nodes(Request request) {
        List<String> nodes = new ArrayList<>();
        for (String line : Collections.list(request.getHeaders(header))) {
            for (String element : line.split(",")) {
                nodes.add(header.equals(FORWARDED) ? forOf(element) : element.strip());
            }
        }
        return nodes;
    }

    private static String forOf(String element) {
        Matcher parameter = FOR.matcher(element);
        return parameter.find() ? parameter.group(1).strip() : "";
    }

    private static Optional<InetAddress> node(String text) {
        Matcher node = NODE.matcher(text);
        if (!node.matches()) {
            return Optional.empty();
        }
        for (int group = 1; group <= node.groupCount(); group++) {
            if (node.group(group) != null) {
                return AddressRange.address(node.group(group));
            }
        }
        return Optional.empty();
    }

    /** Without the brackets and the interface that servlet containers add. */
    private static String bare(String address) {
        return address.replaceAll("[\\[\\]]|%.*", "");
    }
}
