// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.export.pack.ZipHeaders;
import org.nxvms.export.verify.Fault.Kind;

/**
 * Reads a package from its beginning to its end, keeping hashes only, and of what describes it the bytes. Whatever is not as
 * {@code StoredZip} writes it ends the walk. One thread at a time.
 */
final class PackageWalk {
    /** An export is made of at most 20 000 files of the archive. */
    static final int FILES_MAX = 30_000;

    /** What describes a package is kept, the first of each name, and so has a bound: the server's memory is small. */
    private static final Map<String, Integer> KEPT_BYTES_MAX =
            Map.of(Manifest.FILE, Manifest.BYTES_MAX, Manifest.SIGNATURE, 8 << 10, Manifest.KEY, 8 << 10);

    private static final String NO_ZIP =
            "It is no ZIP with files in it: perhaps a file out of a package, or something else, or"
                    + " its beginning was altered. Give the package, the ZIP as it came from the server.";

    private final InputStream in;
    private final long bytesMax;
    private final byte[] buffer = new byte[PieceHashes.PIECE_BYTES];
    private Instant when = Instant.EPOCH;
    private long position;

    /**
     * A file as it lies there.
     *
     * @param crc as its header says
     * @param sound whether that is the check sum of its bytes
     * @param content of what describes the package, where it stands first; else empty
     */
    record Found(String name, long at, long bytes, long crc, boolean sound, byte[] pieces, byte[] content) {}

    /** The package goes on otherwise than any that is exported. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /** It is something else from its first bytes on, of which nothing can be told. */
    static final class OtherException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Kind kind;

        OtherException(Kind kind, String message) {
            super(message);
            this.kind = kind;
        }

        Kind kind() {
            return kind;
        }
    }

    /** The package is larger than is read here. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    final List<Found> files = new ArrayList<>();
    private final Set<String> kept = new HashSet<>();

    PackageWalk(InputStream in, long bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    /** {@return bytes read so far} */
    long position() {
        return position;
    }

    /** {@return the time that all entries have} */
    Instant when() {
        return when;
    }

    /** Reads what is left, so that who sends it hears the answer. */
    void drain() throws IOException {
        for (int read = 0; read >= 0 && position <= bytesMax; position += Math.max(0, read)) {
            read = in.read(buffer);
        }
    }

    /**
     * Reads all of it.
     *
     * @throws BrokenException saying where it is not a package any more; files before that are known
     * @throws OtherException saying what it is instead of a package
     */
    void read() throws IOException, BrokenException, OtherException {
        try {
            while (true) {
                long at = position;
                int signature = number(4).getInt();
                if (signature == ZipHeaders.LOCAL) {
                    file(at);
                } else if (signature == ZipHeaders.CENTRAL) {
                    directory(at);
                    return;
                } else if (at == 0) {
                    throw new OtherException(Kind.NOT_A_PACKAGE, NO_ZIP);
                } else {
                    throw new BrokenException(
                            "at byte " + at + " neither a file begins nor the directory: what is before it has another"
                                    + " length than it says, or something was put there");
                }
            }
        } catch (EOFException cut) {
            if (position < 4) {
                throw new OtherException(Kind.NOT_A_PACKAGE, position == 0 ? "It is empty." : NO_ZIP);
            }
            throw new BrokenException("it breaks off at byte " + position);
        }
    }

    private void file(long at) throws IOException, BrokenException, OtherException {
        ByteBuffer head = number(ZipHeaders.LOCAL_BYTES - 4);
        long crc = Integer.toUnsignedLong(head.getInt(10));
        long bytes = Integer.toUnsignedLong(head.getInt(14));
        int nameBytes = head.getShort(22) & 0xFFFF;
        byte[] text = new byte[Math.min(nameBytes, ZipHeaders.NAME_BYTES_MAX)];
        fully(text, text.length);
        String name = new String(text, StandardCharsets.UTF_8);
        // Whatever could stand there otherwise, ours has none of it.
        ByteBuffer whole = ByteBuffer.allocate(4 + head.capacity() + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ZipHeaders.LOCAL)
                .put(head)
                .put(text)
                .flip();
        if (files.isEmpty()) {
            known(whole, name);
            when = time(whole);
        }
        if (nameBytes != text.length
                || !ZipHeaders.local(name, when, crc, bytes).equals(whole)) {
            throw new BrokenException(
                    "the file that begins at byte " + at + " is described otherwise than in a package of an export");
        }
        if (files.size() == FILES_MAX) {
            throw new BrokenException("it has more than " + FILES_MAX + " files");
        }
        content(name, at, crc, bytes);
    }

    /** A first header as no package has it is more likely another file than a forgery, and who gave it is told so. */
    private static void known(ByteBuffer header, String name) throws OtherException {
        if (ZipHeaders.isLocked(header)) {
            throw new OtherException(
                    Kind.LOCKED,
                    "It is locked with a password. Unpack it first, and verify the package that is within.");
        }
        if (!ZipHeaders.isOurs(header)) {
            throw new OtherException(
                    Kind.REPACKED,
                    "It is a ZIP that another program packed; its first file is " + name + ". Unpacked and packed again"
                            + " it is not the package any more: give that as it came from the server, or, where it is"
                            + " one of the files within, unpack it first.");
        }
    }

    private static Instant time(ByteBuffer header) {
        try {
            return ZipHeaders.time(header);
        } catch (DateTimeException none) {
            return Instant.EPOCH;
        }
    }

    private void content(String name, long at, long crc, long bytes) throws IOException, BrokenException {
        boolean keep = KEPT_BYTES_MAX.containsKey(name) && kept.add(name);
        if (keep && bytes > KEPT_BYTES_MAX.get(name)) {
            throw new BrokenException(name + " claims " + bytes + " bytes, more than any has");
        }
        byte[] content = new byte[0];
        PieceHashes pieces = new PieceHashes();
        CRC32 sum = new CRC32();
        for (long done = 0; done < bytes; ) {
            int length = (int) Math.min(buffer.length, bytes - done);
            fully(buffer, length);
            pieces.add(ByteBuffer.wrap(buffer, 0, length));
            sum.update(buffer, 0, length);
            if (keep) {
                content = grown(content, (int) done + length, (int) bytes);
                System.arraycopy(buffer, 0, content, (int) done, length);
            }
            done += length;
        }
        files.add(new Found(name, at, bytes, crc, crc == sum.getValue(), pieces.end(), content));
    }

    /** {@return the same with room for so many bytes} Only what has come takes memory, not what a header claims. */
    private static byte[] grown(byte[] content, int least, int most) {
        return content.length >= least
                ? content
                : Arrays.copyOf(content, (int) Math.min(most, Math.max(least, 2L * content.length)));
    }

    /** The directory must be that of the files before it, or other programs would show others. */
    private void directory(long at) throws IOException, BrokenException {
        List<StoredZip.Entry> entries = files.stream()
                .map(file -> new StoredZip.Entry(file.name(), file.at(), file.bytes(), file.crc(), "", new byte[0]))
                .toList();
        ByteBuffer should = ZipHeaders.directory(entries, when, at);
        // Its signature was read; one byte more than there should be is enough to know.
        byte[] rest = in.readNBytes(should.position(4).remaining() + 1);
        position += rest.length;
        if (!ByteBuffer.wrap(rest).equals(should)) {
            throw new BrokenException("its directory, at byte " + at + ", is not that of the files before it");
        }
    }

    private ByteBuffer number(int bytes) throws IOException {
        byte[] read = new byte[bytes];
        fully(read, bytes);
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fully(byte[] target, int length) throws IOException {
        if (position + length > bytesMax) {
            throw new TooLargeException();
        }
        int read = in.readNBytes(target, 0, length);
        position += read;
        if (read < length) {
            throw new EOFException();
        }
    }
}
