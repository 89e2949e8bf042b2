// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one file of a database that H2 keeps within this process.
 *
 * @param file without the ending that H2 adds
 * @param options what follows in the address, with its semicolons
 */
record EmbeddedDatabase(Path file, String options) {
    private static final Pattern ADDRESS = Pattern.compile("jdbc:h2:(?:file:|async:)?([/.~][^;]*)(;.*)?");
    private static final String ENDING = ".mv.db";
    private static final String UPGRADE = "-upgrade";

    /** {@return nothing for PostgreSQL, and for databases that H2 keeps in memory or in another process} */
    static Optional<EmbeddedDatabase> of(String url) {
        Matcher address = ADDRESS.matcher(url);
        if (!address.matches()) {
            return Optional.empty();
        }
        String path = address.group(1);
        Path file = path.startsWith("~/") ? Path.of(System.getProperty("user.home"), path.substring(2)) : Path.of(path);
        return Optional.of(new EmbeddedDatabase(
                file.toAbsolutePath().normalize(),
                Optional.ofNullable(address.group(2)).orElse("")));
    }

    /** {@return the database that an upgrade makes beside this one} */
    EmbeddedDatabase upgrade() {
        return new EmbeddedDatabase(file.resolveSibling(file.getFileName() + UPGRADE), options);
    }

    /** {@return the address by which no interrupt of a thread closes the file for all (ADR 94)} */
    String url() {
        return "jdbc:h2:async:" + file + options;
    }

    Path folder() {
        return file.getParent();
    }

    Path onDisk() {
        return file.resolveSibling(file.getFileName() + ENDING);
    }
}
