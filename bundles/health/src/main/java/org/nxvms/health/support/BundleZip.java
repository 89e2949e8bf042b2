// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.nxvms.platform.api.support.SupportBundles.Written;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts files into a ZIP within bounds: each of them, all together, and the time it takes. What fails or is cut is told at the end. */
final class BundleZip {
    /** What a file may hold before it is packed: cameras of a large server, and the log. */
    static final int FILE_BYTES_MAX = 6 << 20;
    /** All of them. */
    static final int TOTAL_BYTES_MAX = 32 << 20;
    /** Whoever reads by drops would keep others from theirs. */
    static final long WRITING_NS_MAX = TimeUnit.MINUTES.toNanos(3);

    private static final Logger LOG = LoggerFactory.getLogger(BundleZip.class);

    private final LongSupplier nanoClock;

    BundleZip(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A file is as long as it may be. */
    private static final class CutException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Written write(OutputStream out, List<BundleFile> files, Instant now, Consumer<String> progress) throws IOException {
        Timed timed = new Timed(out, nanoClock, nanoClock.getAsLong() + WRITING_NS_MAX);
        List<String> told = new ArrayList<>();
        long bytes = 0;
        try (ZipOutputStream zip = new ZipOutputStream(timed, StandardCharsets.UTF_8)) {
            entry(zip, "README.md", now);
            zip.write(readme(files, now).getBytes(StandardCharsets.UTF_8));
            for (BundleFile file : files) {
                progress.accept(file.name());
                entry(zip, file.name(), now);
                Bounded bounded = new Bounded(zip, Math.min(FILE_BYTES_MAX, TOTAL_BYTES_MAX - bytes));
                told.add(file.name() + ": " + written(file, bounded, timed));
                bytes += bounded.bytes;
            }
            entry(zip, "written.txt", now);
            zip.write((String.join("\n", told) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
        return new Written(files.size() + 2, bytes);
    }

    private static String written(BundleFile file, Bounded bounded, Timed timed) throws IOException {
        try {
            file.content().write(bounded);
            return bounded.bytes + " bytes";
        } catch (CutException cut) {
            return bounded.bytes + " bytes, and cut there";
        } catch (IOException | RuntimeException | LinkageError e) {
            if (timed.failed) {
                throw e;
            }
            LOG.warn("{} of the support bundle is missing", file.name(), e);
            return "missing after " + bounded.bytes + " bytes, by "
                    + e.getClass().getSimpleName() + "; the log has the reason";
        }
    }

    private static void entry(ZipOutputStream zip, String name, Instant now) throws IOException {
        ZipEntry entry = new ZipEntry("nxvms-support/" + name);
        entry.setTime(now.toEpochMilli());
        zip.putNextEntry(entry);
    }

    private static String readme(List<BundleFile> files, Instant now) {
        StringBuilder text = new StringBuilder(
                """
                # Support bundle
                Made %s. For who helps with this server.

                | file | says |
                |---|---|
                """
                        .formatted(now));
        files.forEach(file -> text.append("| `")
                .append(file.name())
                .append("` | ")
                .append(file.about())
                .append(" |\n"));
        return text
                + """
                | `written.txt` | how long each file is, which was cut, and which could not be told |

                ## What is not in it
                No passwords, keys, tokens or one-time secrets, no footage and no pictures. No names of users, cameras, groups, volumes
                or hosts and no addresses: cameras, volumes and this server are named by their ids. Of settings, numbers, switches and choices are
                shown; of a text only that it is set. In lines of the log and other sentences, addresses, names of hosts, paths, what
                stands in quotes, what follows a word for a secret, what looks like a key and the names of users, cameras and volumes
                are replaced by what stands in [brackets]. These are rules: read the log file before you hand it to somebody whom you would not show the server.
                """;
    }

    /** Fails when the time is over, and remembers that it was the other side that failed. */
    private static final class Timed extends FilterOutputStream {
        private final LongSupplier nanoClock;
        private final long untilNs;
        private boolean failed;

        Timed(OutputStream out, LongSupplier nanoClock, long untilNs) {
            super(out);
            this.nanoClock = nanoClock;
            this.untilNs = untilNs;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (nanoClock.getAsLong() - untilNs > 0) {
                failed = true;
                throw new IOException("The support bundle was read too slowly, and is torn. Ask for it again.");
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failed = true;
                throw e;
            }
        }

        /** What is behind belongs to who asked. */
        @Override
        public void close() {}
    }

    private static final class Bounded extends OutputStream {
        private final OutputStream out;
        private final long bytesMax;
        private long bytes;

        Bounded(OutputStream out, long bytesMax) {
            this.out = out;
            this.bytesMax = bytesMax;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int fits = (int) Math.min(length, bytesMax - bytes);
            out.write(from, offset, fits);
            bytes += fits;
            if (fits < length) {
                throw new CutException();
            }
        }
    }
}
