// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.storage.spi.Volume;

/** Which key a new chunk takes, and which one opens an old one; for the latter blocks on the system disk. Any thread. */
final class FootageCiphers {
    private final FootageKeyring keyring;
    private final CurrentKey current;
    private final ChunkEncryption.Spare spare = new ChunkEncryption.Spare();
    private final SecureRandom random = new SecureRandom();

    /**
     * What is wrong with the encryption of a volume, and what to do.
     *
     * @param refuses whether new footage cannot be encrypted; otherwise it goes on with the key in memory
     */
    record Trouble(String what, boolean refuses) {}

    FootageCiphers(FootageKeyring keyring) {
        this.keyring = keyring;
        this.current = new CurrentKey(keyring, System::nanoTime);
    }

    FootageKeyring keyring() {
        return keyring;
    }

    /**
     * For a chunk that begins now; from memory.
     *
     * @return empty when the volume's footage is not to be encrypted
     * @throws IOException when it is, and there is no key; nothing may then be written
     */
    Optional<ChunkEncryption> begin(Volume volume, ChunkName name) throws IOException {
        if (!volume.isEncrypted()) {
            return Optional.empty();
        }
        FootageKeyring.Key key = current.get();
        byte[] salt = new byte[ChunkKey.SALT_BYTES];
        random.nextBytes(salt);
        ChunkKey own = ChunkKey.derive(key.secret(), salt, name.path());
        return Optional.of(ChunkEncryption.begin(new ChunkBoxes.Encrypted(key.id(), salt, own.check()), own, spare));
    }

    /** Makes a new key for chunks that begin from now on. */
    FootageKeyring.Key rotate() throws IOException {
        return current.rotate();
    }

    /**
     * For a chunk that is there.
     *
     * @throws FootageKeyMissingException when its key is not here
     * @throws FootageDamagedException when its head was altered
     */
    ChunkKey open(ChunkBoxes.Encrypted box, String path) throws IOException {
        Optional<FootageKeyring.Key> key;
        try {
            Optional<FootageKeyring.Key> inMemory = current.inMemory(box.keyId());
            key = inMemory.isPresent() ? inMemory : keyring.find(box.keyId());
        } catch (IOException unreadable) {
            throw new FootageKeyMissingException(path + " is encrypted, and its key cannot be read: "
                    + unreadable.getMessage() + ". The footage is kept as it is");
        }
        FootageKeyring.Key with = key.orElseThrow(() -> new FootageKeyMissingException(
                path + " is encrypted, and its key is not here: put " + keyring.file(keyId(box))
                        + " back from a backup, or from the server that recorded it. The footage is kept as it is"));
        ChunkKey own = ChunkKey.derive(with.secret(), box.salt(), path);
        if (!own.is(box.check())) {
            throw new FootageDamagedException(
                    path + ": its head was altered, so that key " + keyId(box) + " does not open it");
        }
        return own;
    }

    /** {@return whether the key is on the disk and readable} */
    boolean has(ChunkBoxes.Encrypted box) {
        try {
            return keyring.find(box.keyId()).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    static String keyId(ChunkBoxes.Encrypted box) {
        return HexFormat.of().formatHex(box.keyId());
    }

    /** {@return what is wrong with a volume's encryption, if it has any; asks the volume's disk too} */
    Optional<Trouble> trouble(Volume volume) {
        if (!volume.isEncrypted()) {
            return Optional.empty();
        }
        try {
            if (liesOn(volume)) {
                return Optional.of(refusing("the keys in " + keyring.folder()
                        + " would lie on the volume itself; give the volume another folder"));
            }
            if (volume.isBackup()) {
                // Copies come encrypted.
                return Optional.empty();
            }
            return current.refresh().map(why -> current.isThere() ? goingOn(why) : refusing(why));
        } catch (IOException unknown) {
            return Optional.of(refusing(unknown.getMessage()));
        }
    }

    private static Trouble refusing(String why) {
        return new Trouble("it takes no footage, which is to be encrypted: " + why, true);
    }

    private static Trouble goingOn(String why) {
        return new Trouble(
                "the key of its footage is in memory only and lost when the server ends, unless nxvms:footage-keys --rotate"
                        + " writes it back before it makes another: " + why,
                false);
    }

    private boolean liesOn(Volume volume) throws IOException {
        try {
            Path place = Path.of(volume.location());
            return place.isAbsolute() && Files.exists(place) && current.place().startsWith(place.toRealPath());
        } catch (InvalidPathException noFolder) {
            return false;
        }
    }
}
