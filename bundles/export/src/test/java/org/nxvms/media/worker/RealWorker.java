// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real media worker with the real FFmpeg, for tests of those who use it. */
public final class RealWorker implements AutoCloseable {
    public final FfmpegWorker worker;

    /** @param folder for what its processes unpack */
    public RealWorker(Path folder) throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("lib"));
        for (String entry : System.getProperty("java.class.path").split(":")) {
            if (entry.contains("/bytedeco/")) {
                Files.createSymbolicLink(libraries.resolve(Path.of(entry).getFileName()), Path.of(entry));
            }
        }
        // A machine that stands still for a while is no child that hangs.
        worker = new FfmpegWorker(
                new Launcher(RealWorker::classes, libraries, folder.resolve("work")),
                new Limits(48, 256, 120_000, 60_000, 64));
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(FfmpegWorker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
