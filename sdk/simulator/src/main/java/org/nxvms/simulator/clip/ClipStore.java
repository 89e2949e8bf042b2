// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of finished clips, one file per {@link ClipSpec}.
 *
 * <p>A file appears whole or not at all (written beside, synced, renamed), ends with a checksum, and is made anew when
 * the checksum or the version of this format is not as expected. Two processes asking at once make it once.
 */
public final class ClipStore {
    private static final Logger LOG = LoggerFactory.getLogger(ClipStore.class);
    private static final int MAGIC = 0x4e58434c;
    /** Raise it when the scene, the encoder's settings or the layout of the file changes. */
    private static final int VERSION = 1;

    private static final int BYTES_MAX = 16 << 20;

    private final Path folder;

    public ClipStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the clip, or makes it first, which takes some tens of seconds for {@link ClipSpec#STANDARD}.
     *
     * @param progress told percent done while a clip is being made, on the calling thread; not called if it is there
     */
    public Clip open(ClipSpec spec, IntConsumer progress) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(fileName(spec));
        Clip cached = readIfIntact(file, spec);
        if (cached != null) {
            return cached;
        }
        // A file lock does not hold between threads of one process.
        synchronized (ClipStore.class) {
            try (FileChannel lockFile = FileChannel.open(
                            folder.resolve("clip.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lockFile.lock()) {
                LOG.debug("holding {}", lock);
                cached = readIfIntact(file, spec);
                if (cached != null) {
                    return cached;
                }
                Clip clip = ClipGenerator.generate(spec, progress);
                write(file, clip);
                return clip;
            }
        }
    }

    private static String fileName(ClipSpec spec) {
        return String.format(
                Locale.ROOT,
                "clip-v%d-%s-%s-%dfps-gop%d-%ds.bin",
                VERSION,
                name(spec.main()),
                name(spec.sub()),
                spec.fps(),
                spec.gopFrames(),
                spec.seconds());
    }

    private static String name(ClipSpec.Rendition rendition) {
        return rendition.width() + "x" + rendition.height() + "@" + rendition.bitrateBps() / 1000 + "k";
    }

    private static Clip readIfIntact(Path file, ClipSpec spec) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return read(file, spec);
        } catch (IOException | RuntimeException damaged) {
            LOG.info("{} is damaged ({}); the clip is made anew", file, damaged.toString());
            return null;
        }
    }

    private static void write(Path file, Clip clip) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            CRC32 crc = new CRC32();
            try (DataOutputStream out = new DataOutputStream(new CheckedOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16), crc))) {
                out.writeInt(MAGIC);
                writeVideo(out, clip.main());
                writeVideo(out, clip.sub());
                writeBytes(out, clip.aac().specificConfig());
                out.writeInt(clip.aac().frames().size());
                for (byte[] frame : clip.aac().frames()) {
                    writeBytes(out, frame);
                }
                out.writeLong(crc.getValue());
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Clip read(Path file, ClipSpec spec) throws IOException {
        CheckedInputStream checked =
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC) {
                throw new ClipException("not a clip");
            }
            Clip.Video main = readVideo(in, spec.main(), spec.frameCount());
            Clip.Video sub = readVideo(in, spec.sub(), spec.frameCount());
            byte[] config = readBytes(in);
            int count = in.readInt();
            if (count != Tones.LOOP_SECONDS * Tones.AAC_RATE / Tones.AAC_FRAME_SAMPLES) {
                throw new ClipException("sound has " + count + " frames");
            }
            List<byte[]> frames = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                frames.add(readBytes(in));
            }
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw new ClipException("checksum differs");
            }
            return new Clip(spec, main, sub, new Clip.Audio(config, frames));
        }
    }

    private static void writeVideo(DataOutputStream out, Clip.Video video) throws IOException {
        out.writeInt(video.accessUnits().size());
        for (Clip.AccessUnit unit : video.accessUnits()) {
            out.writeBoolean(unit.key());
            writeBytes(out, unit.annexB());
        }
    }

    private static Clip.Video readVideo(DataInputStream in, ClipSpec.Rendition size, int frames) throws IOException {
        int count = in.readInt();
        if (count != frames) {
            throw new ClipException("picture count is " + count + ", not " + frames);
        }
        List<Clip.AccessUnit> units = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean key = in.readBoolean();
            units.add(new Clip.AccessUnit(readBytes(in), key));
        }
        return new Clip.Video(size.width(), size.height(), units);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > BYTES_MAX) {
            throw new ClipException("a length of " + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new ClipException("ends early");
        }
        return bytes;
    }
}
