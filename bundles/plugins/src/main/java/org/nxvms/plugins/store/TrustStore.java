// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.platform.api.plugin.TrustedCertificate;

/**
 * Certificates whose owners' plugins are taken: {@code plugins/trust/SHA256.pem}, one each. Read from the disk each time,
 * so a file put there by hand counts at once; one whose name is not its hash does not.
 */
public final class TrustStore {
    private static final String SUFFIX = ".pem";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    /** A certificate with everything in it is a tenth of this. */
    private static final int PEM_CHARS_MAX = 1 << 16;
    /** Nobody knows more vendors by name. */
    private static final int CERTIFICATES_MAX = 100;

    private final Path folder;

    public TrustStore(Path folder) {
        this.folder = folder.resolve("trust");
    }

    /** {@return all, by subject} */
    public List<TrustedCertificate> all() throws IOException {
        List<TrustedCertificate> all = new ArrayList<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            try {
                TrustedCertificate one = described(parsed(Files.readString(file, StandardCharsets.US_ASCII)));
                if (name.equals(one.sha256() + SUFFIX)) {
                    all.add(one);
                }
            } catch (IllegalArgumentException damaged) {
                throw new IOException(file + " is no certificate: put it back from a backup, or delete it", damaged);
            }
        }
        all.sort(Comparator.comparing(TrustedCertificate::subject).thenComparing(TrustedCertificate::sha256));
        return all;
    }

    public Set<String> ids() throws IOException {
        return all().stream().map(TrustedCertificate::sha256).collect(Collectors.toSet());
    }

    /** @throws IllegalArgumentException beginning with the field {@code pem} when it is no certificate */
    public TrustedCertificate add(String pem) throws IOException {
        X509Certificate certificate = parsed(pem);
        TrustedCertificate described = described(certificate);
        if (files().size() >= CERTIFICATES_MAX) {
            throw new IllegalStateException(
                    "There are " + CERTIFICATES_MAX + " trusted certificates; take one out before");
        }
        try {
            String text = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            DurableFile.write(folder.resolve(described.sha256() + SUFFIX), text.getBytes(StandardCharsets.US_ASCII));
        } catch (CertificateException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
        return described;
    }

    /** {@return false when it was not there} */
    public boolean remove(String sha256) throws IOException {
        Path file = folder.resolve(sha256 + SUFFIX);
        if (!ID.matcher(sha256).matches() || !Files.exists(file)) {
            return false;
        }
        DurableFile.delete(file);
        return true;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static X509Certificate parsed(String pem) {
        if (pem.length() <= PEM_CHARS_MAX && pem.contains("-----BEGIN CERTIFICATE-----")) {
            try {
                byte[] bytes = pem.strip().getBytes(StandardCharsets.US_ASCII);
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            } catch (CertificateException noCertificate) {
                throw new IllegalArgumentException(
                        "pem is no X.509 certificate: " + noCertificate.getMessage(), noCertificate);
            }
        }
        throw new IllegalArgumentException("pem must be one X.509 certificate as PEM, beginning with -----BEGIN"
                + " CERTIFICATE-----; keytool -exportcert -rfc writes one");
    }

    private static TrustedCertificate described(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return new TrustedCertificate(
                    HexFormat.of().formatHex(digest),
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
