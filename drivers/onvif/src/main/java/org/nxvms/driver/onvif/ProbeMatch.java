// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.search.Sightings;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/**
 * What a device says of itself when it is looked for.
 *
 * @param endpoint its endpoint reference; empty when it has none that can be one
 * @param types local names
 */
record ProbeMatch(String endpoint, Set<String> types, List<String> scopes, List<String> addresses) {
    private static final String SCOPE = "onvif://www.onvif.org/";
    private static final String TYPE = "NetworkVideoTransmitter";

    private static final int WORDS_MAX = 100;

    private static final Pattern UUID_TEXT =
            Pattern.compile("(?i)\\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\b");
    private static final long MULTICAST_BIT = 1L << 40;

    static ProbeMatch of(XmlNode match) {
        String endpoint = match.text("EndpointReference", "Address");
        return new ProbeMatch(
                endpoint.length() > SearchFindings.ENDPOINT_LENGTH_MAX ? "" : Sightings.printable(endpoint),
                Set.copyOf(words(match.text("Types")).stream()
                        .map(name -> name.substring(name.indexOf(':') + 1))
                        .distinct()
                        .toList()),
                words(match.text("Scopes")),
                words(match.text("XAddrs")));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+", WORDS_MAX + 1))
                .filter(word -> !word.isEmpty())
                .limit(WORDS_MAX)
                .toList();
    }

    /** Printers and PCs answer, too. */
    boolean isOnvif() {
        return types.contains(TYPE) || scopes.stream().anyMatch(scope -> scope.startsWith(SCOPE));
    }

    /**
     * {@return the device, at the address that answered} It cannot send the server to another host: of the addresses that it
     * tells, scheme, port and path count (ADR 109); those of one that is the sender's, else of the first.
     */
    Optional<FoundDevice> device(InetAddress from) {
        List<URI> told = addresses.stream().flatMap(text -> uri(text).stream()).toList();
        String host = Sightings.host(from);
        Optional<URI> best = told.stream()
                .filter(uri -> uri.getHost().equalsIgnoreCase(host))
                .findFirst()
                .or(() -> told.stream().findFirst());
        String scheme = best.map(URI::getScheme).orElse("http").toLowerCase(Locale.ROOT);
        String path = best.map(URI::toString)
                .flatMap(Services::path)
                .filter(one -> !one.equals(Services.DEVICE_PATH))
                .orElse("");
        return Sightings.address(scheme, from, best.map(URI::getPort).filter(port -> port > 0), path)
                .map(address -> new FoundDevice(address, scope("name"), identity()));
    }

    private static Optional<URI> uri(String text) {
        try {
            URI uri = new URI(text);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null && uri.getPort() <= 65_535 ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException odd) {
            return Optional.empty();
        }
    }

    private DeviceIdentity identity() {
        return new DeviceIdentity(scope("manufacturer"), scope("hardware"), "", "", mac());
    }

    /** {@return what stands behind a word in the scopes (Core 7.3.2.2); empty when nothing does} */
    private String scope(String word) {
        return scopes.stream()
                .filter(scope ->
                        scope.regionMatches(true, 0, SCOPE + word + "/", 0, SCOPE.length() + word.length() + 1))
                .map(scope -> decoded(scope.substring(SCOPE.length() + word.length() + 1)))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String decoded(String text) {
        try {
            return Sightings.shown(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notEncoded) {
            return Sightings.shown(text);
        }
    }

    /** Some makers have a scope for it; the UUID of most is of version 1, whose node it is (RFC 9562 5.1). */
    private String mac() {
        String told = Sightings.mac(scope("mac"));
        if (!told.isEmpty()) {
            return told;
        }
        Matcher uuid = UUID_TEXT.matcher(endpoint);
        if (!uuid.find()) {
            return "";
        }
        UUID id = UUID.fromString(uuid.group(1));
        boolean node = id.variant() == 2 && id.version() == 1 && (id.node() & MULTICAST_BIT) == 0 && id.node() != 0;
        return node ? Sightings.mac(String.format(Locale.ROOT, "%012x", id.node())) : "";
    }
}
