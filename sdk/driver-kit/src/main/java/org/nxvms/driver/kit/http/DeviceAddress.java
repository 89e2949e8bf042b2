// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.nxvms.driver.spi.DriverException;

/** Checks what an administrator typed as address: {@code http://192.0.2.10}, with a port if need be. */
public final class DeviceAddress {
    public static final List<String> SCHEMES = List.of("http", "https");

    private DeviceAddress() {}

    /**
     * {@return scheme, host and port}
     *
     * @throws DriverException kind CONFIG, naming what is wrong, also for what follows the host and its port
     */
    public static URI check(URI typed) throws DriverException {
        String path = typed.getRawPath() == null ? "" : typed.getRawPath();
        if (!path.isEmpty() && !path.equals("/")) {
            throw refuse("must end after the host and its port, for example http://192.0.2.10");
        }
        return checkHost(typed);
    }

    /** As {@link #check}, for an address that may have a path, which is not in the answer. */
    public static URI checkHost(URI typed) throws DriverException {
        String scheme = typed.getScheme() == null ? "" : typed.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw refuse("must begin with http:// or https://");
        }
        if (typed.getRawUserInfo() != null) {
            throw refuse("must not hold a user name or password; enter them in their own fields");
        }
        if (typed.getHost() == null || typed.getHost().isEmpty()) {
            throw refuse("has no valid host name or IP address");
        }
        if (typed.getPort() == 0 || typed.getPort() > 65_535) {
            throw refuse("has port " + typed.getPort() + "; a port is 1..65535");
        }
        if (typed.getRawQuery() != null || typed.getRawFragment() != null) {
            throw refuse("must end after the host and its port, for example http://192.0.2.10");
        }
        if (typed.getRawPath() != null && typed.getRawPath().startsWith("//")) {
            throw refuse("has two slashes behind its host; write one");
        }
        return URI.create(scheme + "://" + typed.getHost().toLowerCase(Locale.ROOT)
                + (typed.getPort() < 0 ? "" : ":" + typed.getPort()));
    }

    private static DriverException refuse(String why) {
        return new DriverException(DriverException.Kind.CONFIG, "The field address " + why + ".");
    }
}
