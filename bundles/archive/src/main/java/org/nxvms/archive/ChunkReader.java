// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.RunInfo;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/** Reads what a sealed chunk says about itself; {@link ChunkRepair} reads the others. */
final class ChunkReader {
    private static final int SEAL_BYTES_MAX = 8 << 20;

    private ChunkReader() {}

    /** The file could be read, and what it says is not a chunk, or not a whole one. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    /** A sealed chunk's row and index, with the hash of each fragment. */
    record Sealed(
            StoredSegment row,
            List<FragmentEntry> fragments,
            List<FragmentIndex.Entry> entries,
            byte[] previousRoot,
            Optional<ChunkBoxes.Encrypted> encrypted,
            Optional<ChunkBoxes.Signed> signed) {
        /** {@return what the signature must be over} */
        Checkpoint checkpoint() {
            FragmentIndex.Entry last = entries.get(entries.size() - 1);
            Segment segment = row.segment();
            return new Checkpoint(
                    segment.path(),
                    previousRoot,
                    HexFormat.of().parseHex(segment.sha256().orElseThrow()),
                    segment.startUs(),
                    segment.endUs(),
                    entries.size(),
                    last.offset() + last.bytes(),
                    flags());
        }

        int flags() {
            return signed.map(ChunkBoxes.Signed::flags).orElse(Checkpoint.REPAIRED);
        }
    }

    /** The parts of a chunk's head. */
    record Head(
            RunFacts run,
            ChunkName name,
            long startUs,
            byte[] previousRoot,
            Optional<ChunkBoxes.Encrypted> encrypted) {}

    /**
     * Reads everything but the footage.
     *
     * @return empty when the chunk is not sealed
     * @throws IOException when the file cannot be read, or is damaged; the message says where
     */
    static Optional<Sealed> read(Volume volume, String path) throws IOException {
        try (ReadableChannel file = new ReadableChannel(volume.read(path))) {
            Optional<List<FragmentIndex.Entry>> found = entries(file, path);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            List<FragmentIndex.Entry> entries = found.get();
            Head head = head(file, path);
            ChunkBoxes.Seal seal = seal(file, entries, path);
            List<FragmentEntry> fragments = fragments(entries, seal);
            return Optional.of(new Sealed(
                    row(volume, path, file.size(), head, fragments, seal),
                    fragments,
                    entries,
                    head.previousRoot(),
                    head.encrypted(),
                    signed(file, entries)));
        }
    }

    /** Reads the index alone, as players need it. */
    static List<FragmentEntry> index(VolumeReadable readable, String path) throws IOException {
        ReadableChannel file = new ReadableChannel(readable);
        List<FragmentIndex.Entry> entries = entries(file, path)
                .orElseThrow(() -> new IOException(path + " is not sealed; archive-check repairs it"));
        return fragments(entries, seal(file, entries, path));
    }

    private static Optional<List<FragmentIndex.Entry>> entries(ReadableChannel file, String path) throws IOException {
        try {
            Optional<List<FragmentIndex.Entry>> entries = FragmentIndex.read(file);
            if (entries.isPresent()) {
                checkPlaces(entries.get(), file.size());
            }
            return entries.filter(list -> !list.isEmpty());
        } catch (Mp4Exception damaged) {
            throw new DamagedException(path + " has a damaged index: " + damaged.getMessage());
        }
    }

    /** Fragments stand one behind the other, within the file. */
    private static void checkPlaces(List<FragmentIndex.Entry> entries, long size) throws Mp4Exception {
        long end = entries.isEmpty() ? 0 : entries.get(0).offset();
        for (FragmentIndex.Entry entry : entries) {
            boolean follows = end >= 0 && entry.offset() == end && entry.bytes() > 0;
            end += entry.bytes();
            if (!follows || end > size) {
                throw new Mp4Exception("a fragment of " + entry.bytes() + " bytes at " + entry.offset());
            }
        }
    }

    /** {@return whether its head says that its payload is encrypted} */
    static boolean isEncrypted(Volume volume, String path) throws IOException {
        try (ReadableChannel file = new ReadableChannel(volume.read(path))) {
            return head(file, path).encrypted().isPresent();
        }
    }

    /** Reads init segment, run info and chunk head. */
    static Head head(ReadableChannel file, String path) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(64 << 10);
        fill(file, start, 0);
        try {
            InitReader.Init init = InitReader.read(start.duplicate());
            RunInfo info = init.run().orElseThrow(() -> new Mp4Exception("no run info"));
            start.position(init.bytes());
            ChunkBoxes.Head head = ChunkBoxes.Head.read(start).orElseThrow(() -> new Mp4Exception("no chunk head"));
            int initBytes = init.bytes() - runInfoBytes(start, init.bytes());
            RunFacts run = new RunFacts(
                    info.stream(),
                    info.serverId(),
                    info.runId(),
                    info.clock(),
                    init.format(),
                    head.retentionDaysMax(),
                    head.retentionDaysMin(),
                    RunFacts.initId(start.array(), initBytes),
                    initBytes);
            ChunkName name = ChunkName.of(info.stream(), info.startUs(), info.runId(), info.sequence());
            if (!name.path().equals(path)) {
                throw new Mp4Exception("it says it is " + name.path());
            }
            start.position(init.bytes() + ChunkBoxes.Head.BYTES);
            return new Head(run, name, info.startUs(), head.previousRoot(), ChunkBoxes.Encrypted.read(start));
        } catch (Mp4Exception | IllegalArgumentException damaged) {
            throw new DamagedException(path + " is not a chunk: " + damaged.getMessage());
        }
    }

    /** The run info is the last box of the init part: its length is what is left behind {@code moov}. */
    private static int runInfoBytes(ByteBuffer start, int end) {
        int at = 0;
        int last = 0;
        while (at < end) {
            last = start.getInt(at);
            at += last;
        }
        return last;
    }

    private static ChunkBoxes.Seal seal(ReadableChannel file, List<FragmentIndex.Entry> entries, String path)
            throws IOException {
        FragmentIndex.Entry last = entries.get(entries.size() - 1);
        int bytes = ChunkBoxes.Seal.bytes(entries.size());
        if (bytes > SEAL_BYTES_MAX) {
            throw new DamagedException(path + " claims " + entries.size() + " fragments");
        }
        ByteBuffer box = ByteBuffer.allocate(bytes);
        fill(file, box, last.offset() + last.bytes());
        return ChunkBoxes.Seal.read(box)
                .filter(seal -> seal.accessUnits().length == entries.size())
                .orElseThrow(() -> new DamagedException(path + " has an index but no seal"));
    }

    private static Optional<ChunkBoxes.Signed> signed(ReadableChannel file, List<FragmentIndex.Entry> entries)
            throws IOException {
        FragmentIndex.Entry last = entries.get(entries.size() - 1);
        ByteBuffer box = ByteBuffer.allocate(ChunkBoxes.Signed.BYTES);
        fill(file, box, last.offset() + last.bytes() + ChunkBoxes.Seal.bytes(entries.size()));
        return ChunkBoxes.Signed.read(box);
    }

    static void fill(ReadableChannel file, ByteBuffer target, long from) throws IOException {
        while (target.hasRemaining() && file.read(target, from + target.position()) >= 0) {
            // read on until the buffer is full or the file ends
        }
        target.flip();
    }

    private static List<FragmentEntry> fragments(List<FragmentIndex.Entry> entries, ChunkBoxes.Seal seal) {
        List<FragmentEntry> fragments = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            FragmentIndex.Entry entry = entries.get(i);
            fragments.add(new FragmentEntry(
                    entry.offset(),
                    entry.bytes(),
                    entry.wallUs(),
                    entry.durationUs(),
                    entry.key(),
                    seal.accessUnits()[i]));
        }
        return fragments;
    }

    private static StoredSegment row(
            Volume volume, String path, long size, Head head, List<FragmentEntry> fragments, ChunkBoxes.Seal seal) {
        FragmentEntry last = fragments.get(fragments.size() - 1);
        RunFacts run = head.run();
        long accessUnits = 0;
        for (FragmentEntry fragment : fragments) {
            accessUnits += fragment.accessUnits();
        }
        Segment segment = run.segment(
                head.name(),
                volume.id(),
                new RunFacts.Extent(
                        fragments.get(0).startUs(), last.startUs() + last.durationUs(), size, false, accessUnits),
                Optional.of(HexFormat.of().formatHex(seal.root())));
        return new StoredSegment(segment, run.retentionDaysMax(), run.retentionDaysMin());
    }
}
