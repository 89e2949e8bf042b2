// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.Objects;
import java.util.Optional;

/**
 * From where somebody signs in.
 *
 * @param address of the peer
 * @param name what the client calls itself; anybody can write anything there
 * @param device what the browser keeps of an earlier sign-in, if anything
 */
public record Client(String address, String name, Optional<String> device) {
    private static final int ADDRESS_LENGTH_MAX = 100;
    private static final int NAME_LENGTH_MAX = 200;

    public Client {
        address = shortened(address, ADDRESS_LENGTH_MAX);
        name = shortened(name.replaceAll("\\p{Cntrl}", " "), NAME_LENGTH_MAX);
        Objects.requireNonNull(device, "device");
    }

    /** Shows nothing of what the browser keeps. */
    @Override
    public String toString() {
        return address;
    }

    private static String shortened(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max);
    }
}
