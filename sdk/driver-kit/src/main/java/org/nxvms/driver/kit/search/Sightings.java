// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DeviceSearch;

/**
 * Devices that a search was told of: each address once, so many of a host. What it says of addresses, names and MAC addresses
 * that strangers send is the same for every protocol. By one thread.
 */
public final class Sightings {
    /** What one host may tell of. */
    private static final int OF_HOST_MAX = 256;
    /** Whoever makes up hosts fills no memory; of devices there are at most {@link DeviceSearch#DEVICES_MAX}. */
    private static final int ALL_MAX = 10 * DeviceSearch.DEVICES_MAX;

    private static final int TEXT_MAX = 100;
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "rtsp", 554);
    private static final Pattern MAC = Pattern.compile("(?i)([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}");

    /** Endpoints by address. */
    private final Map<URI, String> told = new HashMap<>();

    private final Map<String, Integer> toldOf = new HashMap<>();

    /**
     * {@return whether nobody was told of at an address, or only without the endpoint that is told now} Two that claim one
     * address are one: the first.
     */
    public boolean isNew(URI address, String endpoint) {
        String before = told.get(address);
        if (before != null) {
            boolean named = before.isEmpty() && !endpoint.isEmpty();
            told.put(address, named ? endpoint : before);
            return named;
        }
        return told.size() < ALL_MAX
                && toldOf.merge(address.getHost(), 1, Integer::sum) <= OF_HOST_MAX
                && told.put(address, endpoint) == null;
    }

    /** {@return whether a device was known that says goodbye} Nobody does so for one that was found at another host. */
    public boolean forget(String endpoint, InetAddress from) {
        String host = host(from);
        return told.entrySet()
                .removeIf(device -> device.getValue().equals(endpoint)
                        && host.equalsIgnoreCase(device.getKey().getHost()));
    }

    /** {@return an address as URIs have it} */
    public static String host(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        // A zone means something for addresses of a link only (RFC 4007 6).
        int zone = address.isLinkLocalAddress() ? -1 : text.indexOf('%');
        return "[" + (zone < 0 ? text : text.substring(0, zone)) + "]";
    }

    /**
     * {@return the address of somebody who answered; empty when a path cannot be one, or has what is not seen}
     *
     * @param port left out where it is the usual one
     * @param pathAndQuery empty, or with a slash first
     */
    public static Optional<URI> address(String scheme, InetAddress from, Optional<Integer> port, String pathAndQuery) {
        if (!pathAndQuery.isEmpty() && !pathAndQuery.startsWith("/")
                || !printable(pathAndQuery).equals(pathAndQuery)) {
            return Optional.empty();
        }
        String colon = port.filter(one -> !one.equals(PORTS.get(scheme)))
                .map(one -> ":" + one)
                .orElse("");
        try {
            URI uri = new URI(scheme + "://" + host(from) + colon + pathAndQuery);
            return uri.getHost() != null && uri.getPort() <= 65_535 ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException odd) {
            return Optional.empty();
        }
    }

    /** {@return a text that can be shown}: one line, not too long */
    public static String shown(String text) {
        String plain = printable(text);
        return plain.length() > TEXT_MAX ? plain.substring(0, TEXT_MAX) : plain;
    }

    /** {@return a text without what moves others about or is not seen} */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", " ").strip();
    }

    /** {@return lower case with colons; empty for what is none} */
    public static String mac(String text) {
        if (!MAC.matcher(text).matches()) {
            return "";
        }
        return text.replaceAll("[:-]", "").toLowerCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    }
}
