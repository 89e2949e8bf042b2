// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What dead children leave in the work folder: reports of crashed JVMs, of which the newest are kept for whoever looks into
 * them, and error output, which a killed server could not remove. Any thread.
 */
final class Remains {
    private static final Logger LOG = LoggerFactory.getLogger(Remains.class);
    /** Enough to see that crashes are alike; a report has some hundred kilobytes. */
    static final int REPORTS_MAX = 5;
    /** A report is text; a longer one was not written by a JVM. */
    private static final long REPORT_BYTES_MAX = 4 << 20;

    private static final String ERRORS = "child-";
    private final Path work;
    private boolean begun;

    /** @param work folder of the children, made when missing */
    Remains(Path work) {
        this.work = work;
    }

    /** {@return where JVMs put their reports; %p stands for the process} */
    static Path reports(Path work) {
        return work.resolve("crashes");
    }

    /** {@return a new file for a child's error output} */
    synchronized Path errors() throws IOException {
        Files.createDirectories(reports(work));
        if (!begun) {
            begun = true;
            // No child of an earlier server lives: they end with it.
            files(work, ERRORS + "*.err").forEach(Remains::delete);
        }
        return Files.createTempFile(work, ERRORS, ".err");
    }

    /** A child is gone: keeps its report, if it left one, and few others. {@return the report} */
    synchronized Optional<Path> bury(long pid) {
        List<Path> reports = files(reports(work), "hs_err_*");
        reports.sort(Comparator.comparing(Remains::modified).reversed());
        for (int i = 0; i < reports.size(); i++) {
            if (i >= REPORTS_MAX || reports.get(i).toFile().length() > REPORT_BYTES_MAX) {
                delete(reports.get(i));
            }
        }
        return report(pid);
    }

    /** {@return what a child's JVM wrote when it crashed} */
    Optional<Path> report(long pid) {
        return Optional.of(reports(work).resolve("hs_err_" + pid + ".log")).filter(Files::exists);
    }

    private static List<Path> files(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(folder, pattern)) {
            each.forEach(found::add);
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            LOG.debug("{} cannot be read: {}", folder, unreadable.toString());
        }
        return found;
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            LOG.debug("{} could not be deleted: {}", file, stays.toString());
        }
    }
}
