// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

/** How a camera wants its client to log in. */
public enum AuthScheme {
    NONE,
    /** RFC 7617. */
    BASIC,
    /** MD5 without qop (RFC 2069), as most cameras do. */
    DIGEST_MD5,
    /** MD5 with {@code qop="auth"} (RFC 2617). */
    DIGEST_MD5_QOP,
    /** SHA-256 with {@code qop="auth"} (RFC 7616). */
    DIGEST_SHA256
}
