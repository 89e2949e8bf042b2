// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;

/**
 * Disks that fail or hang and a clock that is set, for one server while it runs: what {@code itests/faults/preload.c} does
 * between the JVM and the system. This and that file share a mapped page.
 */
final class FaultyMachine {
    /** What becomes of calls; the numbers are those of {@code preload.c}. */
    enum Calls {
        FINE,
        FAIL,
        HANG
    }

    private static final Path SOURCE = Path.of(System.getProperty("nxvms.root"), "itests", "faults", "preload.c")
            .toAbsolutePath()
            .normalize();
    private static final int RULES = 8;
    private static final int RULES_AT = 16;
    private static final int COUNTERS_AT = 16;
    private static final int FOLDER_AT = 24;
    private static final int FOLDER_BYTES = 400;
    private static final int SUFFIX_AT = FOLDER_AT + FOLDER_BYTES;
    private static final int SUFFIX_BYTES = 40;
    private static final int RULE_BYTES = SUFFIX_AT + SUFFIX_BYTES;

    private final Path library;
    private final Path page;
    private final Path trace;
    private final MappedByteBuffer control;
    private int rules;

    /** @param folder of its own */
    FaultyMachine(Path folder) throws IOException {
        library = folder.resolve("preload.so");
        page = folder.resolve("control");
        trace = folder.resolve("trace");
        Files.deleteIfExists(trace);
        Commands.run(folder, "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), SOURCE.toString(), "-ldl");
        Files.write(page, new byte[RULES_AT + RULES * RULE_BYTES]);
        try (FileChannel file = FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            control = file.map(MapMode.READ_WRITE, 0, file.size());
        }
        control.order(ByteOrder.nativeOrder());
    }

    static boolean canBeBuilt() {
        return Commands.attempt(Path.of("/"), "sh", "-c", "command -v cc && test -e /usr/include/stdio.h")
                        .status()
                == 0;
    }

    /** Before it is started. */
    PackedServer hosts(PackedServer server) {
        return server.with("LD_PRELOAD", library.toString())
                .with("NXVMS_FAULTS", page.toString())
                .with("NXVMS_FAULTS_TRACE", trace.toString());
    }

    /** The wall clock is set, by this much from what is right. */
    void setClock(long secondsAhead) {
        control.putLong(0, secondsAhead * 1_000_000);
    }

    /** Nothing fails any more, and the clock is right. */
    void heal() {
        setClock(0);
        for (int at = RULES_AT; at < control.capacity(); at += RULE_BYTES) {
            for (int fault = 0; fault < COUNTERS_AT; fault += Integer.BYTES) {
                control.putInt(at + fault, 0);
            }
        }
    }

    /** {@return what can be done to the files below a folder; of several that fit the one asked for first counts} */
    Disk disk(Path folder) throws IOException {
        return disk(folder, "");
    }

    /** As {@link #disk(Path)}, for files whose names end so. */
    Disk disk(Path folder, String suffix) throws IOException {
        int at = RULES_AT + rules++ * RULE_BYTES;
        put(at + SUFFIX_AT, suffix, SUFFIX_BYTES);
        put(at + FOLDER_AT, folder.toRealPath().toString(), FOLDER_BYTES);
        return new Disk(at);
    }

    private void put(int at, String text, int bytesMax) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= bytesMax) {
            throw new IllegalArgumentException(text + " is longer than " + bytesMax + " bytes");
        }
        control.put(at, bytes);
    }

    /** A folder of the faulty machine. */
    final class Disk {
        private final int at;

        private Disk(int at) {
            this.at = at;
        }

        void writes(Calls fate) {
            control.putInt(at, fate.ordinal());
        }

        void syncs(Calls fate) {
            control.putInt(at + 4, fate.ordinal());
        }

        /** The next fsync fails, and the one after it returns well, as with a kernel that tells an error once. */
        void nextSyncFails() {
            control.putInt(at + 8, 1);
        }

        void traced() {
            control.putInt(at + 12, 1);
        }

        int failed() {
            return control.getInt(at + 16);
        }

        int held() {
            return control.getInt(at + 20);
        }
    }

    /**
     * Looks through what was written down: bytes of which an fsync had spoken were never written again or cut off.
     *
     * @return by file, how many of its first bytes are durable
     */
    Map<String, Long> durableBytes() throws IOException {
        Map<String, Long> durable = new HashMap<>();
        for (String line : Files.readAllLines(trace)) {
            List<String> words = List.of(line.split(" ", 4));
            long offset = Long.parseLong(words.get(1));
            String file = words.get(3);
            long safe = durable.getOrDefault(file, 0L);
            switch (words.get(0)) {
                case "sync" -> durable.put(file, Math.max(safe, offset));
                case "failed" -> durable.putIfAbsent(file, 0L);
                default -> {
                    if (offset < safe) {
                        throw new AssertionError(line + ", but " + safe + " bytes of it were durable");
                    }
                }
            }
        }
        return durable;
    }
}
