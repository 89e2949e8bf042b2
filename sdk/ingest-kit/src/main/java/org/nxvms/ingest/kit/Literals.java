// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses written out; names are not looked up, which may take seconds. */
public final class Literals {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[?[0-9a-fA-F:.]{2,45}(%[\\w.-]{1,32})?]?");

    private Literals() {}

    /** {@return the address that a text writes out, in brackets or not; empty for a name} */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches()
                && !(text.indexOf(':') >= 0 && IPV6.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException outOfRange) {
            return Optional.empty();
        }
    }
}
