// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.net.Inet6Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.network.AddressRule;

/**
 * Where a camera is, as people write it: a host, a host with a port, or a URL.
 *
 * @param scheme in lower case; empty where none was written
 * @param rest what stands behind it
 */
record TypedAddress(Optional<String> scheme, String rest) {
    private static final int LENGTH_MAX = 1_000;
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
    /** Of those that a driver takes this is what a host alone means; what is encrypted is asked for by name. */
    private static final List<String> USUAL = List.of("http", "rtsp");

    /** @throws InvalidCameraException for what cannot be an address; it is not quoted, since it may hold a password */
    static TypedAddress of(String typed) throws InvalidCameraException {
        String text = typed.strip();
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            throw wrong();
        }
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return new TypedAddress(Optional.of(url.group(1).toLowerCase(Locale.ROOT)), url.group(2));
        }
        boolean six =
                AddressRule.written(text).filter(Inet6Address.class::isInstance).isPresent() && !text.startsWith("[");
        return new TypedAddress(Optional.empty(), six ? "[" + text + "]" : text);
    }

    /** {@return which scheme a driver is asked with; empty when it takes no such address} */
    Optional<String> schemeFor(DriverInfo driver) {
        List<String> taken = driver.addressSchemes();
        return scheme.isPresent()
                ? scheme.filter(taken::contains)
                : USUAL.stream().filter(taken::contains).findFirst();
    }

    URI uri(String as) throws InvalidCameraException {
        try {
            return new URI(as + "://" + rest);
        } catch (URISyntaxException e) {
            throw wrong();
        }
    }

    private static InvalidCameraException wrong() {
        return new InvalidCameraException(Map.of(
                "address",
                "Is no address. Write a host (192.0.2.10, cam7.example), a host with a port (192.0.2.10:8080) or a URL"
                        + " (rtsp://192.0.2.10/stream1); special characters as % escapes."));
    }
}
