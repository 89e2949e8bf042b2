// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which operations servers have named and have answered with success, in one run of all stories. Stories run in several
 * processes: each adds lines to one file, at once, so that one that is killed has said what it saw. Any thread.
 */
final class ApiCoverage {
    /** Another build begins another file. */
    private static final Path FILE = Path.of(System.getProperty("nxvms.work"))
            .resolveSibling("openapi-" + System.getProperty("nxvms.build").replaceAll("[^0-9]", "") + ".txt");

    private static final Set<String> WRITTEN = ConcurrentHashMap.newKeySet();

    private ApiCoverage() {}

    static void known(String operation) {
        write("known " + operation);
    }

    static void answered(String operation) {
        write("answered " + operation);
    }

    private static void write(String line) {
        if (WRITTEN.add(line)) {
            try {
                // One short write at the end of the file: the system puts those of several processes one after the
                // other.
                Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@return all operations that some server has named} */
    static Set<String> known() {
        return read("known ");
    }

    /** {@return those that some server has answered with success} */
    static Set<String> answered() {
        return read("answered ");
    }

    private static Set<String> read(String what) {
        try {
            List<String> lines = Files.exists(FILE) ? Files.readAllLines(FILE) : List.of();
            Set<String> found = new TreeSet<>();
            lines.stream()
                    .filter(line -> line.startsWith(what))
                    .map(line -> line.substring(what.length()))
                    .forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
