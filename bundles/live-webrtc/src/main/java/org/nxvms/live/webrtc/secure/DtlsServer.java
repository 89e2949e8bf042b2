// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.nxvms.live.webrtc.sdp.Fingerprints;

/**
 * The server's side of DTLS-SRTP (RFC 5763, RFC 5764) with one player: proves who we are, checks that the player is who offered,
 * agrees on keys. {@link #accept} blocks; all else is called by it.
 */
public final class DtlsServer extends DefaultTlsServer {
    /** From the first packet to the keys; a browser that is slower has given up. */
    private static final int HANDSHAKE_MS_MAX = 10_000;
    /** The default of a second is slow where packets get lost. */
    private static final int RESEND_MS = 100;

    private static final int[] SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    };

    private final BcTlsCrypto bc;
    private final DtlsIdentity identity;
    private final byte[] fingerprint;
    private final Runnable ended;
    private SrtpProfile profile;
    private volatile SrtpKeys.Pair keys;

    /**
     * @param fingerprint what the player's certificate must have
     * @param ended called when the player says that it ends, on the thread that receives
     */
    public DtlsServer(BcTlsCrypto crypto, DtlsIdentity identity, byte[] fingerprint, Runnable ended) {
        super(crypto);
        this.bc = crypto;
        this.identity = identity;
        this.fingerprint = fingerprint.clone();
        this.ended = ended;
    }

    /** Shakes hands. Blocks for up to ten seconds. */
    public DTLSTransport accept(RecordQueue records) throws IOException {
        return new DTLSServerProtocol().accept(this, records);
    }

    /** {@return keys of both directions; only after {@link #accept}} */
    public SrtpKeys.Pair keys() {
        return keys;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return TlsUtils.getSupportedCipherSuites(bc, SUITES);
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return HANDSHAKE_MS_MAX;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return RESEND_MS;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() {
        Certificate chain = new Certificate(new BcTlsCertificate[] {own()});
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                bc,
                identity.privateKey(),
                chain,
                SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    private BcTlsCertificate own() {
        try {
            return new BcTlsCertificate(bc, identity.certificate());
        } catch (IOException e) {
            throw new IllegalStateException("our own certificate cannot be read", e);
        }
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        Vector<SignatureAndHashAlgorithm> signatures = new Vector<>();
        signatures.add(SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
        signatures.add(SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa));
        signatures.add(SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa));
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign}, signatures, null);
    }

    @Override
    public void notifyClientCertificate(Certificate client) throws IOException {
        if (client == null || client.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
        byte[] digest = Fingerprints.of(client.getCertificateAt(0).getEncoded());
        if (!MessageDigest.isEqual(digest, fingerprint)) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
        profile = offered == null
                ? null
                : SrtpProfile.choose(offered.getProtectionProfiles()).orElse(null);
        if (profile == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = TlsExtensionsUtils.ensureExtensionsInitialised(super.getServerExtensions());
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(new int[] {profile.id()}, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        keys = SrtpKeys.Pair.of(
                profile, context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, profile.exportedBytes()));
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        super.notifyAlertReceived(level, description);
        if (description == AlertDescription.close_notify) {
            ended.run();
        }
    }
}
