// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

/** Conditional requests on a representation with a strong entity tag (RFC 9110 13). */
final class Conditions {
    private Conditions() {}

    /** {@return whether a range may be sent: no If-Range, or one with this very tag (13.1.5)} */
    static boolean rangeApplies(String ifRange, String etag) {
        return ifRange == null || ifRange.strip().equals(etag);
    }
}
