// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.nxvms.live.webrtc.sdp.Fingerprints;

/** A player's side of DTLS-SRTP, as a browser does it. */
public final class DtlsPlayer extends DefaultTlsClient {
    /** A server that has given up does not answer any more. */
    private static final int HANDSHAKE_MS_MAX = 60_000;

    private final BcTlsCrypto bc;
    private final DtlsIdentity identity;
    private final byte[] serverFingerprint;
    private final int[] profiles;
    private SrtpProfile profile;
    private SrtpKeys.Pair keys;
    private boolean goodbye;

    /** @param profiles that are offered */
    public DtlsPlayer(DtlsIdentity identity, byte[] serverFingerprint, int... profiles) {
        super(new BcTlsCrypto(new SecureRandom()));
        this.bc = (BcTlsCrypto) getCrypto();
        this.identity = identity;
        this.serverFingerprint = serverFingerprint;
        this.profiles = profiles;
    }

    public DTLSTransport connect(DatagramTransport transport) throws IOException {
        return new DTLSClientProtocol().connect(this, transport);
    }

    public SrtpKeys.Pair keys() {
        return keys;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return HANDSHAKE_MS_MAX;
    }

    /** {@return whether the server said that it ends} */
    public boolean goodbye() {
        return goodbye;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
        super.processServerExtensions(extensions);
        profile = SrtpProfile.choose(
                        TlsSRTPUtils.getUseSRTPExtension(extensions).getProtectionProfiles())
                .orElseThrow();
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
                byte[] there = Fingerprints.of(
                        server.getCertificate().getCertificateAt(0).getEncoded());
                if (!MessageDigest.isEqual(there, serverFingerprint)) {
                    throw new TlsFatalAlert(AlertDescription.bad_certificate);
                }
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return new BcDefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context),
                        bc,
                        identity.privateKey(),
                        new Certificate(new BcTlsCertificate[] {new BcTlsCertificate(bc, identity.certificate())}),
                        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
            }
        };
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
        goodbye |= description == AlertDescription.close_notify;
    }
}
