// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/**
 * Key and self-signed certificate of this server in DTLS. No authority vouches for it: its fingerprint travels in the answer, over
 * the connection that the player trusts already. One per start.
 */
public final class DtlsIdentity {
    /** Browsers do not look; other players may. */
    private static final Duration LIFE = Duration.ofDays(365);

    private final AsymmetricKeyParameter privateKey;
    private final byte[] certificate;

    private DtlsIdentity(AsymmetricKeyParameter privateKey, byte[] certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
    }

    /** Makes a new one on curve P-256. */
    public static DtlsIdentity make(SecureRandom random) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        ECNamedDomainParameters curve = new ECNamedDomainParameters(
                SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
        generator.init(new ECKeyGenerationParameters(curve, random));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        try {
            return new DtlsIdentity(pair.getPrivate(), certificate(pair, random));
        } catch (IOException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    private static byte[] certificate(AsymmetricCipherKeyPair pair, SecureRandom random) throws IOException {
        X500Name name = new X500Name("CN=nxvms");
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        Instant now = Instant.now();
        V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
        content.setSerialNumber(new ASN1Integer(new BigInteger(64, random).setBit(0)));
        content.setIssuer(name);
        content.setSubject(name);
        content.setSignature(algorithm);
        content.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1))), Locale.ROOT));
        content.setEndDate(new Time(Date.from(now.plus(LIFE)), Locale.ROOT));
        byte[] point = ((ECPublicKeyParameters) pair.getPublic()).getQ().getEncoded(false);
        content.setSubjectPublicKeyInfo(new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1), point));
        TBSCertificate signed = content.generateTBSCertificate();

        byte[] bytes = signed.getEncoded("DER");
        SHA256Digest digest = new SHA256Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, pair.getPrivate());
        BigInteger[] signature = signer.generateSignature(hash);
        ASN1EncodableVector numbers = new ASN1EncodableVector();
        numbers.add(new ASN1Integer(signature[0]));
        numbers.add(new ASN1Integer(signature[1]));

        ASN1EncodableVector whole = new ASN1EncodableVector();
        whole.add(signed);
        whole.add(algorithm);
        whole.add(new DERBitString(new DERSequence(numbers).getEncoded("DER")));
        return new DERSequence(whole).getEncoded("DER");
    }

    AsymmetricKeyParameter privateKey() {
        return privateKey;
    }

    /** {@return the certificate in DER} */
    public byte[] certificate() {
        return certificate.clone();
    }
}
