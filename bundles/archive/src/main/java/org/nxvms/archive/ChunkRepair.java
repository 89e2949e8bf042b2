// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.BrokenBeginning;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;

/**
 * Makes a chunk whole again that a crash or power cut left open: everything up to its last whole fragment is kept, the
 * rest is cut off (archive.md invariant 3). What is damaged before that stays in its place. Reads headers, and the payload
 * of the last fragments only: a power cut may leave a tail of the right length whose bytes never reached the disk.
 */
final class ChunkRepair {
    /** More than the flusher leaves unsynced: twice its longest interval of a minute, and half a minute to write. */
    private static final long DOUBTED_US = TimeUnit.SECONDS.toMicros(150);

    /** A fragment that tells less, or nothing, counts as so long: they are bounded by number too. */
    private static final long DOUBTED_EACH_US_MIN = TimeUnit.MILLISECONDS.toMicros(100);

    private ChunkRepair() {}

    /**
     * Opens the chunk for sealing.
     *
     * @param ciphers of an encrypted chunk, tell more surely which fragments are whole; not needed to repair it
     * @param beat told again and again while it goes on
     * @return empty when it broke off before its first fragment was whole, so that there is nothing to keep
     * @throws IOException when the file cannot be read or its head or all of its footage is damaged; it is left as it is
     */
    static Optional<OpenChunk> open(Volume volume, String path, FootageCiphers ciphers, Runnable beat)
            throws IOException {
        ChunkReader.Head head;
        List<KeptPart> parts;
        try (ReadableChannel file = new ReadableChannel(volume.read(path))) {
            try {
                head = ChunkReader.head(file, path);
                parts = parts(file, head, ciphers, beat);
            } catch (ChunkReader.DamagedException damaged) {
                return nothing(file, damaged);
            } catch (Mp4Exception damaged) {
                return nothing(file, new ChunkReader.DamagedException(path + ": " + damaged.getMessage()));
            }
            if (parts.isEmpty()) {
                return nothing(
                        file, new ChunkReader.DamagedException(path + " holds no fragment that is as it was written"));
            }
        }
        return Optional.of(cut(volume, head, parts));
    }

    private static Optional<OpenChunk> nothing(ReadableChannel file, ChunkReader.DamagedException why)
            throws IOException {
        if (BrokenBeginning.is(file)) {
            return Optional.empty();
        }
        throw why;
    }

    private static OpenChunk cut(Volume volume, ChunkReader.Head head, List<KeptPart> parts) throws IOException {
        FragmentTable table = new FragmentTable();
        fill(table, parts, head);
        long whole = parts.get(parts.size() - 1).end();
        String path = head.name().path();
        VolumeFile file = volume.append(path);
        try {
            if (head.encrypted().isEmpty()) {
                PlainTail.skipDamage(volume, path, file, parts);
            } else {
                EncryptedTail.tell(volume, path, parts);
            }
            if (file.position() != whole) {
                file.truncate(whole);
            }
            return new OpenChunk(
                    volume,
                    head.run(),
                    head.name(),
                    file,
                    head.previousRoot(),
                    head.encrypted().map(ChunkEncryption::earlier),
                    table,
                    whole);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** {@return what is kept, one behind the other from the end of the head on} */
    private static List<KeptPart> parts(
            ReadableChannel file, ChunkReader.Head head, FootageCiphers ciphers, Runnable beat)
            throws IOException, Mp4Exception {
        String path = head.name().path();
        ChunkScan scan = ChunkScan.past(file, beat);
        List<TrackFormat> tracks = scan.init().format().tracks();
        List<ChunkScan.Fragment> all =
                scan.fragments().stream().filter(ChunkRepair::hasUnits).toList();
        long from = scan.init().bytes() + ChunkBoxes.Head.BYTES;
        if (head.encrypted().isPresent()) {
            EncryptedTail tail =
                    new EncryptedTail(file, ciphers, head.encrypted().get(), path, beat);
            List<KeptPart> parts = KeptPart.encrypted(all, from + ChunkBoxes.Encrypted.BYTES);
            return tail.sound(
                    parts, firstDoubted(parts.stream().map(KeptPart::fragment).toList(), tracks));
        }
        if (isCiphertext(file, scan)) {
            throw new ChunkReader.DamagedException(
                    path + " is encrypted, and its head was altered so that it does not say how");
        }
        PlainTail tail = new PlainTail(file, beat);
        return KeptPart.plain(tail.sound(all, firstDoubted(all, tracks), tracks), from);
    }

    /** Whether fragments are encrypted, whatever the head says; also when its damage hides them from the scan. */
    private static boolean isCiphertext(ReadableChannel file, ChunkScan scan) throws IOException {
        if (isCipherBox(file, scan.init().bytes() + ChunkBoxes.Head.BYTES + ChunkBoxes.Encrypted.BYTES)) {
            return true;
        }
        for (ChunkScan.Fragment one : scan.fragments()) {
            boolean hasRoom = one.moofOffset() - one.offset() >= CipherBox.BYTES;
            if (hasRoom && isCipherBox(file, one.offset())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCipherBox(ReadableChannel file, long at) throws IOException {
        ByteBuffer box = ByteBuffer.allocate(CipherBox.BYTES);
        ChunkReader.fill(file, box, at);
        return CipherBox.isAt(box, 0);
    }

    /** The first fragment of the doubted time before the end. */
    private static int firstDoubted(List<ChunkScan.Fragment> all, List<TrackFormat> tracks) {
        int first = all.size();
        for (long us = 0; first > 0 && us < DOUBTED_US; ) {
            first--;
            List<SampleTable> told = all.get(first).header().tracks();
            us += Math.max(DOUBTED_EACH_US_MIN, told.isEmpty() ? 0 : ticksUs(told.get(0), tracks));
        }
        return first;
    }

    private static boolean hasUnits(ChunkScan.Fragment fragment) {
        return fragment.bytes() <= Integer.MAX_VALUE
                && !fragment.header().tracks().isEmpty()
                && fragment.header().tracks().stream().allMatch(table -> table.count() > 0);
    }

    private static void fill(FragmentTable table, List<KeptPart> parts, ChunkReader.Head head) {
        List<TrackFormat> tracks = head.run().format().tracks();
        long startUs = head.startUs();
        for (int i = 0; i < parts.size(); i++) {
            KeptPart part = parts.get(i);
            ChunkScan.Fragment fragment = part.fragment();
            startUs = fragment.wallUs() != 0 ? fragment.wallUs() : startUs;
            long durationUs = durationUs(parts, i, startUs, tracks);
            Optional<SampleTable> video = fragment.header().track(0);
            table.place(
                    part.from(),
                    (int) part.bytes(),
                    (int) (fragment.moofOffset() - part.from()),
                    video.map(t -> t.presentationTime()[0]).orElse(0L));
            table.commit(
                    startUs,
                    durationUs,
                    fragment.startsWithKey(),
                    video.map(SampleTable::count).orElse(0));
            startUs += durationUs;
        }
    }

    /**
     * Up to the next part when nothing is missing between and it tells when it begins; else what access units say. What is
     * damaged takes no time, so that the times of the parts around it tell what is missing.
     */
    private static long durationUs(List<KeptPart> parts, int i, long startUs, List<TrackFormat> tracks) {
        List<SampleTable> units = parts.get(i).fragment().header().tracks();
        if (units.isEmpty()) {
            return 0;
        }
        KeptPart next = i + 1 < parts.size() ? parts.get(i + 1) : parts.get(i);
        if (next.fragment().wallUs() > startUs && next.damagedBytes() == 0) {
            return next.fragment().wallUs() - startUs;
        }
        return ticksUs(parts.get(i).fragment().header().track(0).orElse(units.get(0)), tracks);
    }

    private static long ticksUs(SampleTable samples, List<TrackFormat> tracks) {
        long ticks = samples.count() == 0 ? 0 : samples.endDecodeTime() - samples.decodeTime()[0];
        int clockRate =
                tracks.get(Math.min(tracks.size(), samples.trackId()) - 1).clockRate();
        return Math.round(ticks * 1e6 / clockRate);
    }
}
