// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.verify.Fault.Kind;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.rest.kit.json.Json;

/**
 * Holds a manifest against the server's statement about it: a JWS in compact form (RFC 7515) with Ed25519 (RFC 8037), whose
 * payload names the SHA-256 of the manifest.
 *
 * @param keyId SHA-256 of the public key that made the signature, lower-case hex; empty when there is none
 * @param known whether it is a key of this server
 * @param fault what is wrong, if anything is
 */
record Signer(String keyId, boolean known, Optional<Fault> fault) {
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";

    /**
     * Says who signed.
     *
     * @param manifest its bytes
     * @param jws as it lies in the package, empty when it does not
     * @param pem the key that lies in the package, empty when none does
     * @param ours keys of this server
     */
    static Signer of(byte[] manifest, String jws, String pem, List<ArchiveKeys.Key> ours) {
        if (jws.isBlank()) {
            return wrong("", Kind.UNSIGNED, "Nobody signed the manifest: who made the package cannot be told.");
        }
        String[] parts = jws.split("\\.", -1);
        try {
            if (parts.length != 3) {
                return wrong("", Kind.SIGNATURE, "The signature cannot be read.");
            }
            JsonNode header = json(parts[0]);
            String keyId = header.path("kid").asText("");
            Optional<ArchiveKeys.Key> known =
                    ours.stream().filter(key -> key.id().equals(keyId)).findFirst();
            byte[] key = decoded(known.map(ArchiveKeys.Key::pem).orElse(pem));
            if (!HexFormat.of().formatHex(PieceHashes.sha256().digest(key)).equals(keyId)) {
                return wrong("", Kind.SIGNATURE, "The key that signed is not the one it says it is.");
            }
            boolean genuine = isPlain(parts)
                    && "EdDSA".equals(header.path("alg").asText())
                    && Manifest.STATEMENT.equals(header.path("typ").asText())
                    && verifies(key, parts);
            String stated = json(parts[1]).path("manifestSha256").asText("");
            if (!genuine
                    || !stated.equals(
                            HexFormat.of().formatHex(PieceHashes.sha256().digest(manifest)))) {
                return wrong(keyId, Kind.SIGNATURE, "The manifest is not the one that was signed: it was altered.");
            }
            return known.isPresent()
                    ? new Signer(keyId, true, Optional.empty())
                    : wrong(
                            keyId,
                            Kind.UNKNOWN_KEY,
                            "It is signed by the key " + keyId
                                    + ", which is none of this server's. Compare it with the keys of the server that"
                                    + " made it.");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            return wrong("", Kind.SIGNATURE, "The signature cannot be read: " + unreadable.getMessage());
        }
    }

    private static boolean verifies(byte[] key, String[] parts) throws GeneralSecurityException {
        PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(publicKey);
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        try {
            return verifier.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** The same bytes could be written otherwise; then it is not the file that was exported. */
    private static boolean isPlain(String[] parts) {
        return Arrays.stream(parts).allMatch(part -> Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Base64.getUrlDecoder().decode(part))
                .equals(part));
    }

    /** {@return whether a file is, as the server writes it, the key with this id} */
    static boolean isKey(String pem, String keyId) {
        try {
            byte[] key = decoded(pem);
            return HexFormat.of().formatHex(PieceHashes.sha256().digest(key)).equals(keyId)
                    && pem.equals(PEM_BEGIN + "\n" + Base64.getEncoder().encodeToString(key) + "\n" + PEM_END + "\n");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static JsonNode json(String part) throws IOException {
        return Json.mapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    private static byte[] decoded(String pem) {
        return Base64.getMimeDecoder()
                .decode(pem.replace(PEM_BEGIN, "").replace(PEM_END, "").strip());
    }

    private static Signer wrong(String keyId, Kind kind, String detail) {
        return new Signer(
                keyId, false, Optional.of(Fault.of(kind, kind == Kind.UNSIGNED ? "" : Manifest.SIGNATURE, detail)));
    }
}
