// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.nxvms.itests.harness.Commands;

/** Takes footage away as people do without us: by {@code ffmpeg -c copy}, a file of each camera. */
final class FootageCopies {
    private final Path footage;
    private final Path copies;
    private final Map<String, List<Path>> chunksByCamera;
    private final long bytes;

    private FootageCopies(Path footage, Path copies, Map<String, List<Path>> chunksByCamera, long bytes) {
        this.footage = footage;
        this.copies = copies;
        this.chunksByCamera = chunksByCamera;
        this.bytes = bytes;
    }

    /** Unpacks the chunks of a package into a folder, for whoever reads files. */
    static FootageCopies of(Path packageOfChunks, Path folder) throws IOException {
        Path footage = folder.resolve("footage");
        Map<String, List<Path>> chunks = new TreeMap<>();
        long bytes = 0;
        try (ZipFile zip = new ZipFile(packageOfChunks.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.getName().endsWith(".mp4")) {
                    continue;
                }
                Path file = footage.resolve(entry.getName()).normalize();
                Files.createDirectories(file.getParent());
                try (InputStream content = zip.getInputStream(entry)) {
                    bytes += Files.copy(content, file);
                }
                chunks.computeIfAbsent(file.getParent().getFileName().toString(), camera -> new ArrayList<>())
                        .add(file);
            }
        }
        return new FootageCopies(footage, folder.resolve("made"), chunks, bytes);
    }

    long bytes() {
        return bytes;
    }

    /** {@return megabytes per second until a file of each camera is durable} */
    double ffmpeg() throws IOException {
        Files.createDirectories(copies);
        for (Map.Entry<String, List<Path>> camera : chunksByCamera.entrySet()) {
            StringBuilder list = new StringBuilder();
            camera.getValue()
                    .forEach(chunk -> list.append("file '").append(chunk).append("'\n"));
            Files.writeString(list(camera.getKey()), list);
        }
        long begin = System.nanoTime();
        for (String camera : chunksByCamera.keySet()) {
            List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error"));
            command.addAll(
                    List.of("-f", "concat", "-safe", "0", "-i", list(camera).toString()));
            command.addAll(List.of("-c", "copy", "-movflags", "+frag_keyframe+empty_moov+default_base_moof"));
            command.add(copies.resolve(camera + ".mp4").toString());
            Commands.run(footage, command.toArray(String[]::new));
        }
        double rate = durable(begin);
        for (String camera : chunksByCamera.keySet()) {
            Files.delete(list(camera));
        }
        return rate;
    }

    private Path list(String camera) {
        return footage.resolve(camera + ".txt");
    }

    /** The pages of these files only: the server's own are no work of theirs. */
    private double durable(long beginNanos) throws IOException {
        Commands.run(footage, "find", copies.toString(), "-type", "f", "-exec", "sync", "--data", "{}", "+");
        long written = Long.parseLong(
                Commands.run(footage, "du", "-sb", copies.toString()).split("\\s")[0]);
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        Commands.run(footage, "rm", "-r", copies.toString());
        return written / seconds / 1e6;
    }
}
