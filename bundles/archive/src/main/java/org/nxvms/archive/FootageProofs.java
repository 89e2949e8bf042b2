// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * Whether a sealed chunk is what was recorded: hash chain and signature, over the bytes as they lie there, and of an
 * encrypted one whose key is here also each fragment's tag. Caller's thread.
 */
final class FootageProofs {
    private static final int BUFFER_BYTES = 1 << 20;

    private final SigningKeys keys;
    private final FootageCiphers ciphers;

    FootageProofs(SigningKeys keys, FootageCiphers ciphers) {
        this.keys = keys;
        this.ciphers = ciphers;
    }

    /** Without reading footage: whether it can be opened. {@code problem} takes a kind and a sentence. */
    void key(String path, ChunkReader.Sealed sealed, BiConsumer<String, String> problem) {
        sealed.encrypted()
                .filter(box -> !ciphers.has(box))
                .ifPresent(box -> problem.accept(
                        "key of encrypted footage missing",
                        path + ": " + ciphers.keyring().file(FootageCiphers.keyId(box))
                                + " is not there or not readable"));
    }

    /** Reads all of it. */
    void verify(Volume volume, String path, ChunkReader.Sealed sealed, BiConsumer<String, String> problem)
            throws IOException {
        HashChain chain = new HashChain(sealed.previousRoot());
        byte[] hash = new byte[HashChain.HASH_BYTES];
        try (VolumeReadable file = volume.read(path)) {
            digest(file, 0, sealed.entries().get(0).offset(), hash);
            chain.chain(hash, 0);
            for (FragmentIndex.Entry entry : sealed.entries()) {
                digest(file, entry.offset(), entry.bytes(), hash);
                if (!MessageDigest.isEqual(hash, entry.hash())) {
                    long last = entry.offset() + entry.bytes() - 1;
                    problem.accept("footage altered", path + ": bytes " + entry.offset() + ".." + last);
                    return;
                }
                chain.chain(hash, 0);
            }
            if (!Optional.of(chain.rootHex()).equals(sealed.row().segment().sha256())) {
                long headEnd = sealed.entries().get(0).offset() - 1;
                problem.accept("footage altered", path + ": bytes 0.." + headEnd + ", or the hashes at its end");
                return;
            }
            verifySignature(path, sealed, problem);
            if (sealed.encrypted().isPresent()) {
                verifyTags(file, path, sealed, problem);
            }
        }
    }

    private void verifySignature(String path, ChunkReader.Sealed sealed, BiConsumer<String, String> problem)
            throws IOException {
        if (sealed.signed().isEmpty()) {
            problem.accept("footage not signed", path);
            return;
        }
        ChunkBoxes.Signed by = sealed.signed().get();
        Optional<PublicKey> key = keys.publicKey(by.keyId());
        if (key.isEmpty()) {
            String id = HexFormat.of().formatHex(by.keyId());
            problem.accept("signed by an unknown key", path + ": keys/archive/" + id + ".pub is not there");
        } else if (!SigningKeys.verifies(key.get(), sealed.checkpoint().message(), by.signature())) {
            problem.accept("checkpoint not genuine", path + ": its signature is over something else");
        }
    }

    /** Its chain is right: tags that are wrong all the same were so when it was sealed. */
    private void verifyTags(
            VolumeReadable file, String path, ChunkReader.Sealed sealed, BiConsumer<String, String> problem)
            throws IOException {
        FragmentCipher cipher = new FragmentCipher();
        byte[] bytes = new byte[0];
        try {
            ChunkKey key = ciphers.open(sealed.encrypted().orElseThrow(), path);
            for (FragmentEntry entry : sealed.fragments()) {
                if (Hole.isDamage(entry)) {
                    // A repair found it: its time is a gap, and it is given out to nobody.
                    continue;
                }
                if (entry.length() > FragmentCipher.FRAGMENT_BYTES_MAX) {
                    throw new FootageDamagedException(path + ": a fragment of " + entry.length() + " bytes");
                }
                int room = entry.length() + CipherBox.TAG_BYTES;
                bytes = bytes.length < room ? new byte[room] : bytes;
                fill(file, ByteBuffer.wrap(bytes, 0, entry.length()), entry.offset());
                cipher.decrypt(key, bytes, entry.length(), entry.offset());
            }
        } catch (FootageKeyMissingException toldAlready) {
            return;
        } catch (FootageDamagedException wrongTag) {
            problem.accept("footage does not open with its key", wrongTag.getMessage());
        }
    }

    private static void digest(VolumeReadable file, long from, long length, byte[] target) throws IOException {
        MessageDigest digest = ChunkFile.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long end = from + length;
        for (long at = from; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            fill(file, buffer, at);
            digest.update(buffer.flip());
        }
        System.arraycopy(digest.digest(), 0, target, 0, HashChain.HASH_BYTES);
    }

    private static void fill(VolumeReadable file, ByteBuffer target, long from) throws IOException {
        for (long at = from; target.hasRemaining(); ) {
            int read = file.read(target, at);
            if (read <= 0) {
                throw new IOException("a chunk is shorter than its index says, at byte " + at);
            }
            at += read;
        }
    }
}
