// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One version of a plugin, as its file says and as it was checked when it came.
 *
 * @param version of the bundle
 * @param title {@code Bundle-Name}, else the symbolic name
 * @param vendor {@code Bundle-Vendor}; may be empty
 * @param licence {@code Bundle-License}; may be empty
 * @param permissions what it asks for: the lines of {@code OSGI-INF/permissions.perm} (OSGi Core 8, 50.11.2). Shown
 *     to people, not enforced
 * @param conformance what the conformance kit found, where the file has its score
 * @param sha256 of the jar, lower-case hex
 * @param from URL, or {@code upload}
 * @param signer who signed it; empty when it was taken unsigned
 * @param installed when it came
 * @param by who brought it
 */
public record PluginVersion(
        String version,
        String title,
        String vendor,
        String licence,
        List<String> permissions,
        Optional<Conformance> conformance,
        String sha256,
        String from,
        Optional<Signer> signer,
        Instant installed,
        String by) {
    public PluginVersion {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(licence, "licence");
        permissions = List.copyOf(permissions);
        Objects.requireNonNull(conformance, "conformance");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(signer, "signer");
        Objects.requireNonNull(installed, "installed");
        Objects.requireNonNull(by, "by");
    }

    /**
     * Who signed a plugin.
     *
     * @param subject of the certificate
     * @param certificateSha256 of the certificate as DER, lower-case hex
     */
    public record Signer(String subject, String certificateSha256) {
        public Signer {
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(certificateSha256, "certificateSha256");
        }
    }

    /**
     * The score in {@code META-INF/nxvms/conformance.json}; as true as the signature of the file it lies in.
     *
     * @param kit version of the conformance kit
     * @param passed tests, likewise {@code failed} and {@code skipped}
     */
    public record Conformance(String kit, int passed, int failed, int skipped) {
        public Conformance {
            Objects.requireNonNull(kit, "kit");
        }
    }
}
