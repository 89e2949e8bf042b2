// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion.Signer;

/**
 * Who signed a JAR (or a KAR, which is one) as a whole. The JDK checks an entry's digest when it is read to its end, so
 * all are read; each must be signed by the same certificate, and that one pinned. Certificates count by themselves:
 * issuer and validity are not looked at, taking the pin out ends the trust.
 */
final class JarSignatures {
    private JarSignatures() {}

    /**
     * @param trusted SHA-256 of the pinned certificates
     * @return who signed it, one that is trusted; empty when nobody signed it
     */
    static Optional<Signer> verify(Path file, Set<String> trusted) throws PluginRefusedException {
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            List<JarEntry> entries =
                    jar.stream().filter(entry -> !entry.isDirectory()).toList();
            if (entries.stream().noneMatch(entry -> isSignature(entry.getName()))) {
                return Optional.empty();
            }
            for (JarEntry entry : entries) {
                requireSignedHeaders(jar, entry);
            }
            Map<String, X509Certificate> signers = new TreeMap<>();
            boolean first = true;
            for (JarEntry entry : entries) {
                String name = entry.getName();
                if (isSignature(name) || name.equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                Map<String, X509Certificate> its = signers(jar, entry);
                if (its.isEmpty()) {
                    throw refused("The entry " + name + " is not covered by the signature (added later, or by an"
                            + " algorithm that Java no longer trusts): sign the file anew.");
                }
                if (first) {
                    signers.putAll(its);
                } else {
                    signers.keySet().retainAll(its.keySet());
                }
                first = false;
            }
            return Optional.of(trusted(signers, trusted));
        } catch (SecurityException altered) {
            throw refused("The file was altered after it was signed (" + altered.getMessage()
                    + "): fetch it again from its vendor.");
        } catch (IOException damaged) {
            throw refused("The signature cannot be read (" + damaged.getMessage() + "): sign the file anew.");
        }
    }

    /** The headers of a bundle stand in the manifest's main section, which a signature may leave out. */
    private static void requireSignedHeaders(JarFile jar, JarEntry entry) throws IOException, PluginRefusedException {
        String upper = entry.getName().toUpperCase(Locale.ROOT);
        if (!isSignature(upper) || !upper.endsWith(".SF")) {
            return;
        }
        try (InputStream in = jar.getInputStream(entry)) {
            boolean covered = new Manifest(in)
                    .getMainAttributes().keySet().stream()
                            .anyMatch(name -> String.valueOf(name).endsWith("-Digest-Manifest-Main-Attributes"));
            if (!covered) {
                throw refused("The signature " + entry.getName()
                        + " does not cover the manifest's headers: sign the file" + " with the JDK's jarsigner.");
            }
        }
    }

    static String sha256(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static Signer trusted(Map<String, X509Certificate> signers, Set<String> trusted)
            throws PluginRefusedException {
        if (signers.isEmpty()) {
            throw refused("No one certificate signed all of the file: sign it anew as a whole.");
        }
        for (Map.Entry<String, X509Certificate> signer : signers.entrySet()) {
            if (trusted.contains(signer.getKey())) {
                return new Signer(subject(signer.getValue()), signer.getKey());
            }
        }
        Map.Entry<String, X509Certificate> any = signers.entrySet().iterator().next();
        throw refused("The file is signed by " + subject(any.getValue()) + ", certificate SHA-256 " + any.getKey()
                + ", which is not trusted here. Compare the number with what the vendor publishes, then trust the"
                + " certificate (nxvms:plugin-trust, POST /api/v1/plugins/trusted) and try again.");
    }

    private static Map<String, X509Certificate> signers(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        Map<String, X509Certificate> signers = new TreeMap<>();
        CodeSigner[] all = entry.getCodeSigners();
        for (CodeSigner signer : all == null ? new CodeSigner[0] : all) {
            if (signer.getSignerCertPath().getCertificates().get(0) instanceof X509Certificate leaf) {
                signers.put(sha256(leaf), leaf);
            }
        }
        return signers;
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** JAR File Specification, "Signed JAR File". */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("META-INF/") || upper.indexOf('/', "META-INF/".length()) >= 0) {
            return false;
        }
        return upper.endsWith(".SF")
                || upper.endsWith(".RSA")
                || upper.endsWith(".DSA")
                || upper.endsWith(".EC")
                || upper.startsWith("META-INF/SIG-");
    }

    private static PluginRefusedException refused(String message) {
        return new PluginRefusedException(Kind.SIGNATURE, "signature", message);
    }
}
