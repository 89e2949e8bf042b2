// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server's JVM from outside, by the JDK's own tools: collections so far, bytes its threads allocated. */
final class JvmProbe {
    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    /** Threads of the hot path, as {@code jcmd Thread.print -e} shows them. */
    private static final Pattern HOT =
            Pattern.compile("^\"(?:nxvms-io|nxvms-vol)[^\"]*\".* allocated=(\\d+)([BKMG]) ", Pattern.MULTILINE);

    private final String pid;

    JvmProbe(long pid) {
        this.pid = String.valueOf(pid);
    }

    /** {@return collections of any kind since the JVM started} */
    long collections() throws IOException, InterruptedException {
        String[] lines = run("jstat", "-gc", pid).strip().split("\n");
        String[] names = lines[0].strip().split("\\s+");
        String[] values = lines[1].strip().split("\\s+");
        long sum = 0;
        for (int i = 0; i < names.length; i++) {
            // Young, full, and the pauses of a concurrent cycle.
            if (names[i].equals("YGC") || names[i].equals("FGC") || names[i].equals("CGC")) {
                sum += Long.parseLong(values[i]);
            }
        }
        return sum;
    }

    /** {@return bytes allocated so far by the threads that access units pass through} */
    long hotPathAllocatedBytes() throws IOException, InterruptedException {
        Matcher threads = HOT.matcher(run("jcmd", pid, "Thread.print", "-e"));
        long sum = 0;
        int found = 0;
        while (threads.find()) {
            sum += Long.parseLong(threads.group(1)) << 10 * "BKMG".indexOf(threads.group(2));
            found++;
        }
        if (found == 0) {
            throw new IOException("the JVM names no thread of the hot path");
        }
        return sum;
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = BIN.resolve(tool).toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(tool + " failed: " + output);
        }
        return output;
    }
}
