// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain and its key, read from PEM (RFC 7468) and found to belong together.
 *
 * @param chain the server's certificate first, then whoever issued it
 */
record PemPair(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String PKCS8 = "PRIVATE KEY";
    private static final int CHAIN_MAX = 10;
    private static final byte[] PROBE = "nxvms".getBytes(StandardCharsets.US_ASCII);

    PemPair {
        chain = List.copyOf(chain);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "PemPair[" + chain.get(0).getSubjectX500Principal() + "]";
    }

    /** What is wrong with the files, for people. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message, Throwable cause) {
            super(message, cause);
        }

        Refused(String message) {
            super(message);
        }
    }

    /** @throws Refused saying what is wrong and what to do */
    static PemPair read(String certificates, String keyText, Instant now) throws Refused {
        List<X509Certificate> chain = chain(certificates);
        X509Certificate own = chain.get(0);
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new Refused("the certificate expired at " + own.getNotAfter().toInstant() + ". Renew it");
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new Refused("the certificate is good from "
                    + own.getNotBefore().toInstant() + " on, which is not yet. Check the server's clock");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            checkIssued(chain.get(i), chain.get(i + 1));
        }
        PrivateKey key = key(keyText, own.getPublicKey());
        checkFits(key, own.getPublicKey());
        return new PemPair(key, chain);
    }

    private static List<X509Certificate> chain(String text) throws Refused {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty() || chain.size() > CHAIN_MAX) {
                throw new Refused("the certificate file holds " + chain.size() + " certificates instead of 1 to "
                        + CHAIN_MAX + ". Give the server's own, then those of who issued it");
            }
            return chain;
        } catch (CertificateException e) {
            throw new Refused("the certificate file is not PEM: " + e.getMessage(), e);
        }
    }

    private static void checkIssued(X509Certificate certificate, X509Certificate issuer) throws Refused {
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new Refused(
                    "the certificate of " + certificate.getSubjectX500Principal()
                            + " is followed by one that did not issue it. Put the server's own first, then its issuer's,"
                            + " and so on",
                    e);
        }
    }

    private static PrivateKey key(String text, PublicKey fitting) throws Refused {
        Matcher block = KEY.matcher(text);
        if (!block.find()) {
            throw new Refused("the key file holds no PRIVATE KEY in PEM");
        }
        if (block.group(1).startsWith("ENCRYPTED")) {
            throw new Refused("the key has a password. Take it off: openssl pkey -in KEY -out KEY.plain");
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
            byte[] pkcs8 = block.group(1).equals(PKCS8) ? bytes : wrapped(bytes, fitting);
            return KeyFactory.getInstance(fitting.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Refused("the key is no " + fitting.getAlgorithm() + " key, as the certificate's is", e);
        }
    }

    /**
     * A key as OpenSSL wrote it of old (RFC 8017 A.1.2, RFC 5915), as one of today (RFC 5208 5). Which curve it is of
     * says the certificate's key, which begins with the same name of algorithm.
     */
    private static byte[] wrapped(byte[] key, PublicKey fitting) {
        byte[] info = fitting.getEncoded();
        int algorithm = headerLength(info, 0);
        int length = headerLength(info, algorithm) + contentLength(info, algorithm);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {0x02, 0x01, 0x00});
        content.write(info, algorithm, length);
        content.writeBytes(der(0x04, key));
        return der(0x30, content.toByteArray());
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return first < 0x80 ? 2 : 2 + (first & 0x7f);
    }

    private static int contentLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        int length = first < 0x80 ? first : 0;
        for (int i = 0; first >= 0x80 && i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length <= 0xff) {
            out.writeBytes(new byte[] {(byte) 0x81, (byte) content.length});
        } else {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length});
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void checkFits(PrivateKey key, PublicKey certified) throws Refused {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE);
            byte[] signature = signing.sign();
            signing.initVerify(certified);
            signing.update(PROBE);
            if (!signing.verify(signature)) {
                throw new Refused("the key is not that of the certificate");
            }
        } catch (GeneralSecurityException e) {
            throw new Refused("the key is not that of the certificate", e);
        }
    }
}
