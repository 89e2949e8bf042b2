// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the last fragments of an encrypted chunk reached the disk before a power cut. With the chunk's key their tags
 * tell. Without it: what never reached the disk reads as zeros, and ciphertext has no run of 32 of them (2^-256 for each
 * place), so that a repair waits for no key.
 */
final class EncryptedTail {
    private static final Logger LOG = LoggerFactory.getLogger(EncryptedTail.class);
    private static final int ZEROS_MAX = 31;

    private final ReadableChannel file;
    private final Optional<ChunkKey> key;
    private final FragmentCipher cipher = new FragmentCipher();
    private final Runnable beat;

    /** @param beat told before each fragment */
    EncryptedTail(ReadableChannel file, FootageCiphers ciphers, ChunkBoxes.Encrypted box, String path, Runnable beat) {
        this.file = file;
        this.beat = beat;
        this.key = key(ciphers, box, path);
    }

    private static Optional<ChunkKey> key(FootageCiphers ciphers, ChunkBoxes.Encrypted box, String path) {
        try {
            return Optional.of(ciphers.open(box, path));
        } catch (IOException goesWithoutIt) {
            LOG.warn("Repairing without its key: {}", goesWithoutIt.getMessage());
            return Optional.empty();
        }
    }

    /** {@return the parts up to the last that is sound; of those before it, what is not is damage} */
    List<KeptPart> sound(List<KeptPart> parts, int doubted) throws IOException {
        int whole = parts.size();
        while (whole > 0 && (parts.get(whole - 1).isDamage() || whole > doubted && !isSound(parts.get(whole - 1)))) {
            whole--;
        }
        List<KeptPart> kept = new ArrayList<>(parts.subList(0, whole));
        for (int i = doubted; i < whole - 1; i++) {
            if (!kept.get(i).isDamage() && !isSound(kept.get(i))) {
                kept.set(i, kept.get(i).damaged());
            }
        }
        return kept;
    }

    /** In ciphertext nothing is altered: what is damaged stays, and is an error to whoever asks for it. */
    static void tell(Volume volume, String path, List<KeptPart> parts) {
        for (KeptPart part : parts) {
            if (part.isDamage()) {
                LOG.warn(
                        "Volume {}: {} encrypted bytes at {} of {} are damaged",
                        volume.name(),
                        part.bytes(),
                        part.from(),
                        path);
            }
        }
    }

    private boolean isSound(KeptPart part) throws IOException {
        beat.run();
        if (part.bytes() > FragmentCipher.FRAGMENT_BYTES_MAX) {
            return false;
        }
        int length = (int) part.bytes();
        byte[] bytes = new byte[length + CipherBox.TAG_BYTES];
        ByteBuffer target = ByteBuffer.wrap(bytes, 0, length);
        ChunkReader.fill(file, target, part.from());
        if (target.remaining() < length || !CipherBox.isWholeAt(target, 0)) {
            return false;
        }
        if (key.isEmpty()) {
            return hasNoHole(bytes, length);
        }
        try {
            cipher.decrypt(key.get(), bytes, length, part.from());
            return true;
        } catch (FootageDamagedException torn) {
            return false;
        }
    }

    private static boolean hasNoHole(byte[] bytes, int length) {
        int payload = FragmentCipher.payloadAt(ByteBuffer.wrap(bytes, 0, length), CipherBox.BYTES, length);
        int zeros = 0;
        for (int i = payload; payload >= 0 && i < length; i++) {
            zeros = bytes[i] == 0 ? zeros + 1 : 0;
            if (zeros > ZEROS_MAX) {
                return false;
            }
        }
        return payload >= 0;
    }
}
