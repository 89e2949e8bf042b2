// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;

/**
 * Makes a chunk whole again that a crash or power cut left open: everything up to its last whole fragment is kept, the
 * rest is cut off (archive.md invariant 3). Reads headers, and the payload of the last fragments only: a power cut may
 * leave a tail of the right length whose bytes never reached the disk.
 */
final class ChunkRepair {
    /** More than the flusher leaves unsynced: twice its longest interval of a minute, and half a minute to write. */
    private static final long DOUBTED_US = TimeUnit.SECONDS.toMicros(150);

    private static final int SAMPLES_CHECK_BYTES_MAX = 64 << 20;

    private ChunkRepair() {}

    /**
     * Opens the chunk for sealing.
     *
     * @param ciphers of an encrypted chunk, tell more surely which fragments are whole; not needed to repair it
     * @return empty when it has no whole fragment, so nothing to keep
     * @throws IOException when the file cannot be read or is no chunk of ours; it is left as it is
     */
    static Optional<OpenChunk> open(Volume volume, String path, FootageCiphers ciphers) throws IOException {
        FragmentTable table = new FragmentTable();
        ChunkReader.Head head;
        long whole;
        try (ReadableChannel file = new ReadableChannel(volume.read(path))) {
            head = ChunkReader.head(file, path);
            ChunkScan scan = ChunkScan.of(file);
            if (head.encrypted().isEmpty() && isCiphertext(file, scan)) {
                throw new ChunkReader.DamagedException(
                        path + " is encrypted, and its head was altered so that it does not say how");
            }
            Optional<EncryptedTail> encrypted =
                    head.encrypted().map(box -> new EncryptedTail(file, ciphers, box, path));
            List<ChunkScan.Fragment> fragments = sound(file, scan, encrypted);
            if (fragments.isEmpty()) {
                return Optional.empty();
            }
            fill(table, fragments, head);
            ChunkScan.Fragment last = fragments.get(fragments.size() - 1);
            whole = last.offset() + last.bytes();
        } catch (Mp4Exception damaged) {
            throw new IOException(path + " cannot be repaired: " + damaged.getMessage());
        }
        VolumeFile file = volume.append(path);
        try {
            if (file.position() != whole) {
                file.truncate(whole);
            }
            return Optional.of(new OpenChunk(
                    volume,
                    head.run(),
                    head.name(),
                    file,
                    head.previousRoot(),
                    head.encrypted().map(ChunkEncryption::earlier),
                    table,
                    whole));
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** {@return whether the file holds no fragment at all: it broke off in its head} */
    static boolean isHeadOnly(Volume volume, String path) throws IOException {
        try (ReadableChannel file = new ReadableChannel(volume.read(path))) {
            if (file.size() == 0) {
                return true;
            }
            ChunkScan scan = ChunkScan.of(file);
            return scan.fragments().isEmpty() && !isCiphertext(file, scan);
        } catch (Mp4Exception noInit) {
            // A damaged head before footage must not be thrown away; a short one has no footage behind it.
            try (var file = volume.read(path)) {
                return file.size() < 4096;
            }
        }
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

    private static List<ChunkScan.Fragment> sound(
            ReadableChannel file, ChunkScan scan, Optional<EncryptedTail> encrypted) throws IOException {
        List<ChunkScan.Fragment> all = encrypted.isPresent() ? joined(scan.fragments()) : scan.fragments();
        Codec codec = scan.init().format().tracks().get(0).codec();
        boolean hasNals = codec == Codec.H264 || codec == Codec.HEVC;
        int doubted = firstDoubted(all, scan.init().format().tracks());
        int whole = 0;
        while (whole < all.size() && hasUnits(all.get(whole))) {
            boolean looked = whole >= doubted && hasNals && encrypted.isEmpty();
            if (looked && !isSound(file, all.get(whole))) {
                break;
            }
            whole++;
        }
        if (encrypted.isPresent()) {
            // One in between that is not sound is told to whoever asks for it, and costs nothing that is.
            while (whole > doubted && !encrypted.get().isSound(all.get(whole - 1))) {
                whole--;
            }
        }
        return all.subList(0, whole);
    }

    /** Fragments stand one behind the other: a cipher box that is no longer known as one belongs to its fragment yet. */
    private static List<ChunkScan.Fragment> joined(List<ChunkScan.Fragment> all) {
        List<ChunkScan.Fragment> joined = new ArrayList<>(all.size());
        long before = 0;
        for (ChunkScan.Fragment one : all) {
            long end = one.offset() + one.bytes();
            long from = joined.isEmpty() ? one.offset() : before;
            if (one.offset() - from > CipherBox.BYTES) {
                break;
            }
            joined.add(new ChunkScan.Fragment(from, end - from, one.moofOffset(), one.wallUs(), one.header()));
            before = end;
        }
        return joined;
    }

    /** The first fragment of the doubted time before the end; one that tells no duration counts as none. */
    private static int firstDoubted(List<ChunkScan.Fragment> all, List<TrackFormat> tracks) {
        int first = all.size();
        for (long us = 0; first > 0 && us < DOUBTED_US; ) {
            first--;
            List<SampleTable> told = all.get(first).header().tracks();
            us += told.isEmpty() ? 0 : Math.max(0, ticksUs(told.get(0), tracks));
        }
        return first;
    }

    private static boolean hasUnits(ChunkScan.Fragment fragment) {
        return fragment.bytes() <= Integer.MAX_VALUE
                && !fragment.header().tracks().isEmpty()
                && fragment.header().tracks().stream().allMatch(table -> table.count() > 0);
    }

    /** Whether each video sample is a row of length-prefixed NAL units that fill it exactly (ISO/IEC 14496-15 5.3). */
    private static boolean isSound(ReadableChannel file, ChunkScan.Fragment fragment) throws IOException {
        Optional<SampleTable> video = fragment.header().track(0);
        if (video.isEmpty()) {
            return true;
        }
        ByteBuffer length = ByteBuffer.allocate(4);
        SampleTable samples = video.get();
        long checked = 0;
        for (int i = 0; i < samples.count() && checked < SAMPLES_CHECK_BYTES_MAX; i++) {
            long at = fragment.moofOffset() + samples.offset()[i];
            long end = at + samples.size()[i];
            checked += samples.size()[i];
            while (at < end) {
                length.clear();
                ChunkReader.fill(file, length, at);
                // Bytes that never reached the disk read as zeros, and no NAL unit is empty.
                long nal = length.remaining() < 4 ? 0 : Integer.toUnsignedLong(length.getInt(0));
                if (nal == 0 || nal > end - at - 4) {
                    return false;
                }
                at += 4 + nal;
            }
        }
        return true;
    }

    private static void fill(FragmentTable table, List<ChunkScan.Fragment> fragments, ChunkReader.Head head) {
        List<TrackFormat> tracks = head.run().format().tracks();
        long startUs = head.startUs();
        for (int i = 0; i < fragments.size(); i++) {
            ChunkScan.Fragment fragment = fragments.get(i);
            startUs = fragment.wallUs() != 0 ? fragment.wallUs() : startUs;
            SampleTable first = fragment.header()
                    .track(0)
                    .orElseGet(() -> fragment.header().tracks().get(0));
            long next = i + 1 < fragments.size() ? fragments.get(i + 1).wallUs() : 0;
            long durationUs = next > startUs ? next - startUs : ticksUs(first, tracks);
            int videoUnits = fragment.header().track(0).map(SampleTable::count).orElse(0);
            table.place(
                    fragment.offset(),
                    (int) fragment.bytes(),
                    (int) (fragment.moofOffset() - fragment.offset()),
                    fragment.header().track(0).map(t -> t.presentationTime()[0]).orElse(0L));
            table.commit(startUs, durationUs, fragment.startsWithKey(), videoUnits);
            startUs += durationUs;
        }
    }

    private static long ticksUs(SampleTable samples, List<TrackFormat> tracks) {
        long ticks = samples.count() == 0 ? 0 : samples.endDecodeTime() - samples.decodeTime()[0];
        int clockRate =
                tracks.get(Math.min(tracks.size(), samples.trackId()) - 1).clockRate();
        return Math.round(ticks * 1e6 / clockRate);
    }
}
