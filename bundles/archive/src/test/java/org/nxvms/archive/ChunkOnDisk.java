// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;

/** A volume in a temporary folder with chunks of one run on it, written second by second. */
final class ChunkOnDisk implements AutoCloseable {
    static final long START = ArchiveHouse.T0;
    private static final int NAL_BYTES = 8;

    final FileVolume volume;
    final SigningKeys keys;
    final FootageCiphers ciphers;
    /** Of a server that has lost its keys. */
    final FootageCiphers none;

    private final Path folder;
    private final RunFacts run = RunFacts.of(
            Footage.CAMERA,
            ArchiveHouse.SERVER,
            UUID.randomUUID(),
            ClockSource.ARRIVAL,
            Footage.FORMAT,
            FootageTerms.days(30));

    ChunkOnDisk(Path folder, FootageEncryption encryption) {
        this.folder = folder;
        volume = new FileVolume(new FileVolume.Settings(
                "main",
                folder.resolve("v"),
                0,
                0,
                -1,
                true,
                ArchiveHouse.SERVER,
                folder.resolve("m"),
                Volume.WEIGHT_DEFAULT,
                false,
                encryption));
        volume.checkNow();
        keys = new SigningKeys(folder.resolve("keys"));
        ciphers = new FootageCiphers(new FootageKeyring(folder.resolve("keys/footage")));
        none = new FootageCiphers(new FootageKeyring(folder.resolve("keys/lost")));
    }

    ChunkName name(int sequence) {
        return ChunkName.of(Footage.CAMERA, START, run.runId(), sequence);
    }

    Path file(int sequence) {
        return folder.resolve("v").resolve(name(sequence).path());
    }

    /** Begins a chunk of the run, on the volume or on one in front of it. */
    OpenChunk begin(int sequence, Volume on) throws IOException {
        ChunkName name = name(sequence);
        Optional<ChunkEncryption> encryption = ciphers.begin(volume, name);
        return OpenChunk.create(on, run, name, START, new byte[HashChain.HASH_BYTES], encryption);
    }

    /** Begins a chunk and writes seconds of footage, a fragment each. */
    OpenChunk write(int sequence, int seconds) throws IOException {
        OpenChunk chunk = begin(sequence, volume);
        for (int second = 0; second < seconds; second++) {
            append(chunk, second, () -> true);
        }
        return chunk;
    }

    /** Key frames at even seconds. */
    static boolean append(OpenChunk chunk, int second, BooleanSupplier stillIntact) throws IOException {
        FragmentFacts facts = new FragmentFacts();
        facts.startUs = START + second * Footage.SECOND_US;
        facts.durationUs = Footage.SECOND_US;
        facts.key = second % 2 == 0;
        facts.accessUnits = Footage.FRAMES;
        ByteBuffer[] parts = Footage.fragment(START, second, facts.key, NAL_BYTES);
        return chunk.append(parts, parts.length, facts, stillIntact);
    }

    /** {@return where each byte of length and type of each box of a fragment lies} */
    static List<Integer> boxHeaders(byte[] chunk, FragmentEntry fragment) {
        return boxHeaders(chunk, (int) fragment.offset(), (int) fragment.offset() + fragment.length());
    }

    static List<Integer> boxHeaders(byte[] chunk, int from, int to) {
        ByteBuffer bytes = ByteBuffer.wrap(chunk);
        List<Integer> places = new ArrayList<>();
        for (int box = from; box < to; box += bytes.getInt(box)) {
            for (int at = box; at < box + 8; at++) {
                places.add(at);
            }
        }
        return places;
    }

    @Override
    public void close() {
        volume.close();
    }
}
