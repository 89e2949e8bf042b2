// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The newest lines of the server's log. A line leaves when it has the form that ours have, or that of a stack trace; when, how grave,
 * which thread and which class stay as they are, what is said goes through the {@link Sieve}. What has another form does not leave.
 */
final class LogLines {
    /** Of the newest files together, as they are kept. */
    static final int BYTES_MAX = 4 << 20;
    /** The file that is written, and the one before it, which may be all there is after it was begun anew. */
    private static final int FILES_MAX = 2;

    /** As log4j2.pattern of etc/org.ops4j.pax.logging.cfg: when, level, thread, class, camera, message. */
    private static final Pattern LINE = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT[\\d:.,]+[+Z-][\\d:]* \\| [A-Z]{4,5} *) \\| (.{1,20}) \\| ([\\w.$-]{1,60} *) \\|"
                    + " ([0-9a-f-]{0,36}) ?\\| (.*)");

    private static final Pattern FRAME =
            Pattern.compile("(\\s+at [\\w.$/<>@~-]{1,300}\\([\\w.$ -]*(?::\\d+)?\\))(.{0,120})");
    private static final Pattern MORE = Pattern.compile("\\s+\\.\\.\\. \\d+ (?:more|common frames omitted)");
    private static final Pattern THROWN =
            Pattern.compile("\\s*(?:Caused by: |Suppressed: )?[\\w$]+(?:\\.[\\w$]+)+(?:: .*)?");

    private final Path folder;
    private final Sieve sieve;
    private int unreadable;

    LogLines(Path folder, Sieve sieve) {
        this.folder = folder;
        this.sieve = sieve;
    }

    /** Writes what may leave, oldest first. */
    void write(OutputStream out) throws IOException {
        long[] kept = {0, 0};
        for (byte[] part : newest()) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(new ByteArrayInputStream(part), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<String> left = left(line);
                kept[left.isPresent() ? 0 : 1]++;
                if (left.isPresent()) {
                    out.write((left.get() + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        String missing = unreadable == 0 ? "" : "; " + unreadable + " files could not be read";
        out.write(("# " + kept[0] + " lines; " + kept[1] + " of another form were left out" + missing + "\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    Optional<String> left(String line) {
        Matcher ours = LINE.matcher(line);
        if (ours.matches()) {
            return Optional.of(ours.group(1) + " | " + sieve.text(ours.group(2)) + " | " + ours.group(3) + " | "
                    + ours.group(4) + " | " + sieve.text(ours.group(5)));
        }
        Matcher frame = FRAME.matcher(line);
        if (frame.matches()) {
            return Optional.of(frame.group(1) + sieve.text(frame.group(2)));
        }
        // The second line of a message may look as if a class were thrown: classes pass the sieve, hosts do not.
        return MORE.matcher(line).matches() || THROWN.matcher(line).matches()
                ? Optional.of(sieve.text(line))
                : Optional.empty();
    }

    /** {@return the ends of the newest files, oldest first, within {@link #BYTES_MAX}; each begins with a whole line} */
    private List<byte[]> newest() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "nxvms*.log{,.gz}")) {
            all.forEach(files::add);
        }
        files.sort(Comparator.comparing(LogLines::modified).reversed());
        List<byte[]> parts = new ArrayList<>();
        int left = BYTES_MAX;
        for (Path file : files) {
            if (left <= 0 || parts.size() == FILES_MAX) {
                break;
            }
            try {
                byte[] end = end(file, left);
                left -= end.length;
                parts.add(0, end);
            } catch (IOException rolledAway) {
                unreadable++;
            }
        }
        return parts;
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException rolledAway) {
            return FileTime.fromMillis(0);
        }
    }

    private static byte[] end(Path file, int bytesMax) throws IOException {
        boolean packed = file.toString().endsWith(".gz");
        try (InputStream raw = Files.newInputStream(file)) {
            if (!packed) {
                raw.skipNBytes(Math.max(0, Files.size(file) - bytesMax));
                return wholeLines(raw.readNBytes(bytesMax), Files.size(file) > bytesMax);
            }
            byte[] ring = new byte[bytesMax];
            long length = 0;
            try (InputStream in = new GZIPInputStream(raw, 1 << 16)) {
                for (int n = in.read(ring, 0, ring.length); n > 0; ) {
                    length += n;
                    int at = (int) (length % ring.length);
                    n = in.read(ring, at, ring.length - at);
                }
            }
            return wholeLines(unrolled(ring, length), length > bytesMax);
        }
    }

    private static byte[] unrolled(byte[] ring, long length) {
        int kept = (int) Math.min(length, ring.length);
        int from = (int) ((length - kept) % ring.length);
        byte[] all = new byte[kept];
        int first = Math.min(kept, ring.length - from);
        System.arraycopy(ring, from, all, 0, first);
        System.arraycopy(ring, 0, all, first, kept - first);
        return all;
    }

    private static byte[] wholeLines(byte[] bytes, boolean torn) {
        int from = 0;
        while (torn && from < bytes.length && bytes[from++] != '\n') {
            // Of a line that began before.
        }
        return from == 0 ? bytes : java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    }
}
