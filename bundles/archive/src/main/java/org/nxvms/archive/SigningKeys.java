// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's Ed25519 keys (RFC 8032) for checkpoints, in {@code keys/archive/} of the data folder, outside database and
 * volumes: {@code signing.key} holds the private key in use and its public one; {@code {id}.pub} (PEM) each public key
 * that was ever in use, so that old footage can be verified after a rotation. Made at first use. Any thread.
 */
final class SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final String ALGORITHM = "Ed25519";
    private static final String CURRENT = "signing.key";
    private static final String PUBLIC_SUFFIX = ".pub";
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    static final int KEY_ID_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    private final Path folder;
    private Optional<Current> current = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private long retryNanos = System.nanoTime();

    private record Current(PrivateKey key, byte[] id) {}

    /** A signature and the key that made it: SHA-256 of the public key as SubjectPublicKeyInfo (RFC 8410). */
    record Signed(byte[] keyId, byte[] signature) {}

    SigningKeys(Path folder) {
        this.folder = folder;
    }

    /** {@return the signature; empty while there is no key: footage is sealed all the same} */
    Optional<Signed> sign(byte[] message) {
        return signNaming(keyId -> message);
    }

    /** As {@link #sign}, a message that names the key which signs it. */
    synchronized Optional<Signed> signNaming(Function<byte[], byte[]> message) {
        if (current.isEmpty() && System.nanoTime() - retryNanos >= 0) {
            try {
                current = Optional.of(load());
                trouble = Optional.empty();
            } catch (IOException | GeneralSecurityException failed) {
                retryNanos = System.nanoTime() + RETRY_NANOS;
                trouble = Optional.of("footage is sealed without a signature, since the key in " + folder
                        + " cannot be had: " + failed.getMessage()
                        + ". Put it back from a backup, or remove signing.key to have a new one made");
                LOG.error("{}", trouble.get(), failed);
            }
        }
        return current.map(with -> {
            try {
                Signature signature = Signature.getInstance(ALGORITHM);
                signature.initSign(with.key());
                signature.update(message.apply(with.id()));
                return new Signed(with.id(), signature.sign());
            } catch (GeneralSecurityException everyJdkHasIt) {
                throw new IllegalStateException(everyJdkHasIt);
            }
        });
    }

    /** {@return why footage is not signed; empty when it is} */
    synchronized Optional<String> trouble() {
        return trouble;
    }

    /** {@return the public key of this id; empty when it is none of ours} */
    Optional<PublicKey> publicKey(byte[] id) throws IOException {
        Path file = folder.resolve(HexFormat.of().formatHex(id) + PUBLIC_SUFFIX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] encoded = decodePem(Files.readString(file, StandardCharsets.US_ASCII));
            if (!MessageDigest.isEqual(id(encoded), id)) {
                throw new IOException(file + " is not the key its name says");
            }
            return Optional.of(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw new IOException(file + " is no public key: " + damaged.getMessage(), damaged);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** Makes a new key for what is sealed from now on; the old private key is gone, its public key stays. */
    synchronized String rotate() throws IOException {
        try {
            current = Optional.of(make());
            trouble = Optional.empty();
            return HexFormat.of().formatHex(current.get().id());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** {@return all public keys, by id} */
    List<ArchiveKeys.Key> publicKeys() throws IOException {
        sign(new byte[0]);
        String inUse;
        synchronized (this) {
            inUse = current.map(key -> HexFormat.of().formatHex(key.id())).orElse("");
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<ArchiveKeys.Key> found = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(PUBLIC_SUFFIX))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                String id = name.substring(0, name.length() - PUBLIC_SUFFIX.length());
                found.add(new ArchiveKeys.Key(id, Files.readString(file, StandardCharsets.US_ASCII), id.equals(inUse)));
            }
            return found;
        }
    }

    private Current load() throws IOException, GeneralSecurityException {
        Path file = folder.resolve(CURRENT);
        if (!Files.exists(file)) {
            Current made = make();
            LOG.info("Made the archive's signing key in {}; keep a copy apart from the footage", folder);
            return made;
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.size() < 2) {
            throw new IOException(file + " is damaged");
        }
        try {
            byte[] publicKey = Base64.getDecoder().decode(lines.get(1).strip());
            PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(
                            Base64.getDecoder().decode(lines.get(0).strip())));
            // A crash between the two files leaves the private one alone.
            writePublic(publicKey);
            return new Current(key, id(publicKey));
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(file + " is damaged", notBase64);
        }
    }

    private Current make() throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        byte[] publicKey = pair.getPublic().getEncoded();
        Base64.Encoder base64 = Base64.getEncoder();
        // The public key first: nothing may be signed that nobody can verify.
        writePublic(publicKey);
        SecretFile.write(
                folder.resolve(CURRENT),
                base64.encodeToString(pair.getPrivate().getEncoded()) + "\n" + base64.encodeToString(publicKey) + "\n");
        return new Current(pair.getPrivate(), id(publicKey));
    }

    private void writePublic(byte[] encoded) throws IOException, GeneralSecurityException {
        Path file = folder.resolve(HexFormat.of().formatHex(id(encoded)) + PUBLIC_SUFFIX);
        if (!Files.exists(file)) {
            SecretFile.write(
                    file, PEM_BEGIN + "\n" + Base64.getEncoder().encodeToString(encoded) + "\n" + PEM_END + "\n");
        }
    }

    private static byte[] decodePem(String pem) {
        return Base64.getMimeDecoder()
                .decode(pem.replace(PEM_BEGIN, "").replace(PEM_END, "").strip());
    }

    private static byte[] id(byte[] encoded) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(encoded);
    }
}
