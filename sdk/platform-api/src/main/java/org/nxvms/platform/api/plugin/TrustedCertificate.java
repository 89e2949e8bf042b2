// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.time.Instant;
import java.util.Objects;

/**
 * A certificate whose owner's plugins are taken.
 *
 * @param sha256 of the certificate as DER, lower-case hex: its id
 * @param expires what the certificate says; it is trusted until it is taken out
 */
public record TrustedCertificate(String sha256, String subject, Instant expires) {
    public TrustedCertificate {
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(expires, "expires");
    }
}
