// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

/** Conditional requests on a representation with a strong entity tag (RFC 9110 13). */
public final class Conditions {
    private Conditions() {}

    /** {@return whether a range may be sent: no If-Range, or one with this very tag (13.1.5)} */
    public static boolean rangeApplies(String ifRange, String etag) {
        return ifRange == null || ifRange.strip().equals(etag);
    }
}
