// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which certificate a camera may show. Whatever is not trusted has to be chosen: by its fingerprint, or any at all.
 *
 * @param mode what is accepted
 * @param fingerprint SHA-256 of the certificate in lower case hex, for {@link Mode#PINNED}
 */
record TlsPolicy(Mode mode, String fingerprint) {
    /** What is accepted. */
    enum Mode {
        /** A certificate of an authority that the JVM trusts, made out to the host's name. */
        TRUSTED,
        /** One certificate, whoever made it. */
        PINNED,
        /** Any: the connection is secret from those who only listen, and from nobody else. */
        ANY
    }

    static final TlsPolicy TRUSTED = new TlsPolicy(Mode.TRUSTED, "");
    private static final String PINNED = "pinned:";
    private static final int FINGERPRINT_CHARS = 64;

    /** Reads {@code trusted}, {@code any} or {@code pinned:} with the SHA-256 of the certificate, colons or not. */
    static TlsPolicy parse(String text) {
        String value = text.trim().toLowerCase(Locale.ROOT);
        if ("trusted".equals(value)) {
            return TRUSTED;
        }
        if ("any".equals(value)) {
            return new TlsPolicy(Mode.ANY, "");
        }
        String hex = value.startsWith(PINNED) ? value.substring(PINNED.length()).replace(":", "") : "";
        if (hex.length() == FINGERPRINT_CHARS && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return new TlsPolicy(Mode.PINNED, hex);
        }
        throw new IllegalArgumentException(
                "tls must be trusted, any, or pinned: with the SHA-256 fingerprint of the camera's certificate");
    }

    /** {@return an engine for a connection to this host}; reads this JVM's trust store when that is asked for the first time */
    SSLEngine engine(String host, int port) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {mode == Mode.TRUSTED ? new Explaining(Usual.manager()) : new Chosen(this)},
                null);
        SSLEngine engine = context.createSSLEngine(host, port);
        if (mode == Mode.TRUSTED) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    /** What this JVM trusts: some hundred and fifty certificates in a file, read once. */
    private static final class Usual {
        private static X509ExtendedTrustManager manager;

        private static synchronized X509ExtendedTrustManager manager() throws GeneralSecurityException {
            if (manager == null) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                manager = Stream.of(factory.getTrustManagers())
                        .filter(X509ExtendedTrustManager.class::isInstance)
                        .map(X509ExtendedTrustManager.class::cast)
                        .findFirst()
                        .orElseThrow(() -> new GeneralSecurityException("the JVM has no trust manager for X.509"));
            }
            return manager;
        }
    }

    static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }

    /** Nobody asks us for client certificates of others. */
    private abstract static class ServersOnly extends X509ExtendedTrustManager {
        abstract void check(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException;

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain, type, engine);
        }

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("engines only");
        }

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("engines only");
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("servers only");
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("servers only");
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("servers only");
        }

        @Override
        public final X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Says what can be done about a certificate that is not trusted. */
    private static final class Explaining extends ServersOnly {
        private final X509ExtendedTrustManager usual;

        Explaining(X509ExtendedTrustManager usual) {
            this.usual = usual;
        }

        @Override
        void check(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            try {
                usual.checkServerTrusted(chain, type, engine);
            } catch (CertificateException notTrusted) {
                throw new CertificateException(
                        "its certificate is not trusted; if it is the right camera, set tls to pinned:"
                                + fingerprint(chain[0]),
                        notTrusted);
            }
        }
    }

    /** The one that was chosen, or any. */
    private static final class Chosen extends ServersOnly {
        private final TlsPolicy policy;

        Chosen(TlsPolicy policy) {
            this.policy = policy;
        }

        @Override
        void check(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            if (policy.mode() == Mode.PINNED && !fingerprint(chain[0]).equals(policy.fingerprint())) {
                throw new CertificateException("its certificate is another than the one that is pinned; it has "
                        + fingerprint(chain[0]) + ". Was the camera replaced or reset, or is it another?");
            }
        }
    }
}
