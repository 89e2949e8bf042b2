// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;

/**
 * The jars of plugins: {@code plugins/staging} for what has just come and is not checked, {@code plugins/jars/SHA256.jar}
 * for what an inventory entry names. What is checked and installed is these copies, which nobody else may write.
 */
public final class Staging {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path incoming;
    private final Path jars;
    private final LongSupplier bytesMax;

    /** A file on the disk, and what it hashes to. */
    public record Staged(Path path, String sha256) {}

    /** @param bytesMax the largest file taken, now */
    public Staging(Path folder, LongSupplier bytesMax) {
        this.incoming = folder.resolve("staging");
        this.jars = folder.resolve("jars");
        this.bytesMax = bytesMax;
    }

    /** Copies what comes; on return it is on the disk. */
    public Staged take(InputStream content) throws IOException, PluginRefusedException {
        DurableFile.makeFolder(incoming);
        Path file = incoming.resolve(UUID.randomUUID() + ".jar");
        MessageDigest digest = sha256();
        long limit = bytesMax.getAsLong();
        try (FileChannel channel = DurableFile.create(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long bytes = 0;
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                bytes += read;
                if (bytes > limit) {
                    throw new PluginRefusedException(
                            Kind.FILE,
                            "file",
                            "The file is larger than " + (limit >> 20)
                                    + " MiB. Is it the right one? fileMebibytesMax in etc/org.nxvms.plugins.cfg is the"
                                    + " limit.");
                }
                digest.update(buffer, 0, read);
                for (ByteBuffer left = ByteBuffer.wrap(buffer, 0, read); left.hasRemaining(); ) {
                    channel.write(left);
                }
            }
            channel.force(true);
        } catch (IOException | PluginRefusedException | RuntimeException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
        return new Staged(file, HexFormat.of().formatHex(digest.digest()));
    }

    /** Keeps a checked jar under its hash. */
    public void keep(Staged jar) throws IOException {
        DurableFile.makeFolder(jars);
        DurableFile.rename(jar.path(), jar(jar.sha256()));
    }

    /** {@return where the jar of this hash is, or was to be} */
    public Path jar(String sha256) {
        return jars.resolve(sha256 + ".jar");
    }

    /** {@return the bytes of the jar of this hash, after it was read and found to be what its name says} */
    public InputStream open(String sha256) throws IOException {
        Path file = jar(sha256);
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new IOException(
                    file
                            + " is not what was installed: put it back from a backup, or remove the plugin and install it anew");
        }
        return Files.newInputStream(file);
    }

    /** Forgets a file that was not kept. */
    public void discard(Staged file) throws IOException {
        Files.deleteIfExists(file.path());
    }

    /** Forgets what was never installed. */
    public void clear() throws IOException {
        for (Path file : files(incoming)) {
            Files.deleteIfExists(file);
        }
    }

    /** Removes jars that no entry names any more. */
    public void keepOnly(Set<String> sha256s) throws IOException {
        for (Path file : files(jars)) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".jar") || !sha256s.contains(name.substring(0, name.length() - ".jar".length()))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
