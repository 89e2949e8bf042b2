// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.network;

/** Why the server does not speak to an address. */
public enum Refusal {
    /** Loopback, or an address of one of the machine's own interfaces (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
    THIS_MACHINE("is this server itself"),
    /** RFC 3927, RFC 4291 2.5.6. */
    LINK_LOCAL("is a link-local address"),
    /** Where clouds tell a machine about itself, often with credentials. */
    METADATA("is a cloud's metadata service"),
    /** Unspecified, multicast, broadcast, reserved. */
    NO_HOST("is no address of a single host"),
    /** Digits that programs read differently, such as 0177.0.0.1 or 2130706433. */
    ODD_NOTATION("is an address in an unusual notation; write it as four decimal numbers such as 192.0.2.10");

    private final String words;

    Refusal(String words) {
        this.words = words;
    }

    /** {@return the rest of a sentence that begins with the host} */
    public String words() {
        return words;
    }
}
