// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.SourceOrder;

/**
 * How FFmpeg gets to what a source is, and to what that leads to, so that it never looks up a name itself. HTTP and TLS go
 * through a {@link Proxy}, which keeps names as they are for virtual hosts and certificates; RTMP and SRT, which lead nowhere
 * else, are given an address in the place of the name; a file is a file.
 */
final class Ways implements AutoCloseable {
    /**
     * One to try.
     *
     * @param options that belong to it
     */
    record Way(String url, Map<String, String> options) {}

    /** Also decrypted on the way, as segments of HLS are. */
    private static final Pattern HTTP = Pattern.compile("(crypto\\+)?https?://.+", Pattern.DOTALL);

    private final SourceOrder order;
    private final Door door;
    private final String scheme;
    private final Optional<Proxy> proxy;
    private final List<Way> all = new ArrayList<>();
    private volatile SourceFailure refusal;

    Ways(SourceOrder order, Door door) throws SourceFailure {
        this.order = order;
        this.door = door;
        scheme = order.uri().substring(0, order.uri().indexOf(':'));
        try {
            proxy = isHttp() || scheme.equals("rtmps")
                    ? Optional.of(new Proxy(door, order.openTimeoutMs()))
                    : Optional.empty();
        } catch (IOException noPort) {
            throw new SourceFailure(EndReason.FAULT, "the media process has no way out: " + noPort.getMessage());
        }
    }

    private boolean isHttp() {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** {@return at least one, in the order they are to be tried} */
    List<Way> all() throws SourceFailure {
        if (!scheme.equals("rtmp") && !scheme.equals("srt")) {
            all.add(new Way(OpenOptions.url(order), Map.of()));
            return all;
        }
        URI uri = URI.create(order.uri());
        String name = uri.getHost();
        String rest = order.uri()
                .substring(order.uri().indexOf(uri.getRawAuthority(), scheme.length() + 3)
                        + uri.getRawAuthority().length());
        String host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        for (InetAddress address : door.addresses(host, order.openTimeoutMs())) {
            String literal =
                    address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
            Map<String, String> options = scheme.equals("rtmp") && !name.equals(literal)
                    // Servers with several virtual hosts tell them apart by it.
                    ? Map.of("rtmp_tcurl", RtmpApplication.url(uri))
                    : Map.of();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            all.add(new Way(OpenOptions.url(order, scheme + "://" + literal + port + rest), options));
        }
        return all;
    }

    /** {@return what goes with everything that is opened} */
    Map<String, String> each() {
        Map<String, String> options = new LinkedHashMap<>(OpenOptions.tls(order));
        proxy.ifPresent(through -> options.put("http_proxy", through.url()));
        return options;
    }

    /** {@return whether FFmpeg may open it for this source} What it may not ends the source, see {@link #refusal}. */
    boolean mayOpen(String url) {
        boolean may = isHttp()
                ? HTTP.matcher(url).matches()
                : all.stream().anyMatch(way -> way.url().equals(url));
        if (!may) {
            refusal = new SourceFailure(
                    EndReason.NOT_FOUND,
                    isHttp()
                            ? "it leads to something that is not fetched by HTTP, which this server does not open"
                            : "it leads to something else, which this server does not open");
        }
        return may;
    }

    /** {@return why the source must not go on} */
    Optional<SourceFailure> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** {@return why the last connection through the proxy could not be made, unless a later one could} */
    Optional<SourceFailure> takeFailure() {
        return proxy.flatMap(Proxy::takeFailure);
    }

    @Override
    public void close() {
        proxy.ifPresent(Proxy::close);
    }
}
