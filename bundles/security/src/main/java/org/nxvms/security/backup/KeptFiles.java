// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nxvms.platform.api.backup.BackupException;

/**
 * Which files of the data folder belong into a backup, and how they come back. What is not named here goes neither in nor
 * out: private keys that only sign (footage, access tokens, the shell's) are made anew by another machine, so that none
 * can sign in the place of another.
 */
final class KeptFiles {
    /** Settings and keys are small; what is not is none of them. */
    static final long FILE_BYTES_MAX = 4L << 20;

    private static final int FILES_MAX = 5_000;
    private static final int DEPTH_MAX = 4;
    private static final Pattern NAME = Pattern.compile("[^.\\p{Cntrl}/\\\\][^\\p{Cntrl}/\\\\]{0,199}");
    /** These come with the distribution's jars (bin/setenv). */
    private static final Pattern OF_THE_DISTRIBUTION = Pattern.compile("config\\.properties|system\\.properties"
            + "|startup\\.properties|jre\\.properties|profile\\.cfg|distribution\\.info|org\\.apache\\.karaf\\.features.*"
            + "|.*\\.acl\\..*");

    private static final Pattern DATABASE = Pattern.compile("org\\.ops4j\\.datasource-.*");

    /** How a file comes back. */
    enum Return {
        /** In the place of what is there. */
        REPLACES,
        /** Where nothing is: keys of footage only become more, and a machine knows its own volumes. */
        ADDED,
        /**
         * Not at all, as backups of before hold it: where a machine's database is. With it the rows would be put into the
         * database of the server that the backup is of.
         */
        NEVER,
        /** In the place of what is there, unless the server is the same: its own chain has gone on. */
        OF_ANOTHER_SERVER
    }

    private KeptFiles() {}

    /** {@return how a file comes back; empty when none of this path belongs into a backup} */
    static Optional<Return> of(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length > DEPTH_MAX
                || !Arrays.stream(parts).allMatch(part -> NAME.matcher(part).matches())) {
            return Optional.empty();
        }
        return switch (path) {
            case "server.json",
                    "initial-admin-password",
                    "keys/vault.key",
                    "keys/push",
                    "keys/https.p12",
                    "keys/https-password",
                    "keys/https-cert.pem",
                    "keys/https-key.pem" -> Optional.of(Return.REPLACES);
            case "keys/audit.key", "keys/audit-head.json" -> Optional.of(Return.OF_ANOTHER_SERVER);
            case "locks.tsv", "volumes/footage-key" -> Optional.of(Return.ADDED);
            default -> inFolder(parts);
        };
    }

    private static Optional<Return> inFolder(String[] parts) {
        String name = parts[parts.length - 1];
        if (parts[0].equals("etc")) {
            boolean ours = parts.length > 1
                    && !parts[1].equals("defaults")
                    && !OF_THE_DISTRIBUTION.matcher(name).matches()
                    && !name.endsWith(".new");
            if (!ours) {
                return Optional.empty();
            }
            return Optional.of(DATABASE.matcher(name).matches() ? Return.NEVER : Return.REPLACES);
        }
        boolean added =
                switch (parts[0] + "/" + (parts.length == 3 ? parts[1] : "")) {
                    case "keys/footage" -> name.endsWith(".key") || name.equals("current");
                    case "keys/archive" -> name.endsWith(".pub");
                    case "plugins/trust" -> true;
                    case "volumes/" -> parts.length == 2 && name.endsWith(".id");
                    default -> false;
                };
        return added ? Optional.of(Return.ADDED) : Optional.empty();
    }

    /**
     * {@return the paths of the files that are there, settings that nobody changed left out} The server goes on writing: a
     * file that goes while it is looked at, as what is written to be moved does, is none of them.
     */
    static List<String> in(Path data) throws IOException {
        List<String> found = new ArrayList<>();
        for (String top : List.of(
                "server.json", "initial-admin-password", "locks.tsv", "etc", "keys", "volumes", "plugins/trust")) {
            Files.walkFileTree(
                    data.resolve(top), EnumSet.noneOf(FileVisitOption.class), DEPTH_MAX, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                            String path = data.relativize(file).toString();
                            if (attributes.isRegularFile() && isKept(path) && !isDefault(data, file)) {
                                found.add(path);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                            return goneOr(why);
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException why) throws IOException {
                            return why == null ? FileVisitResult.CONTINUE : goneOr(why);
                        }
                    });
        }
        if (found.size() > FILES_MAX) {
            throw new BackupException("There are " + found.size() + " settings and keys in " + data + ", more than the "
                    + FILES_MAX + " that fit into a backup; remove what is none of them.");
        }
        return found;
    }

    private static FileVisitResult goneOr(IOException why) throws IOException {
        if (why instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw why;
    }

    private static boolean isKept(String path) {
        return of(path).filter(way -> way != Return.NEVER).isPresent();
    }

    /** {@return whether there may be another file beside so many} */
    static boolean fits(int files) {
        return files < FILES_MAX;
    }

    private static boolean isDefault(Path data, Path file) throws IOException {
        Path etc = data.resolve("etc");
        if (!file.startsWith(etc)) {
            return false;
        }
        Path brought = etc.resolve("defaults").resolve(etc.relativize(file));
        try {
            return Files.isRegularFile(brought) && Files.mismatch(brought, file) < 0;
        } catch (NoSuchFileException gone) {
            // Who reads it next finds that out.
            return false;
        }
    }
}
