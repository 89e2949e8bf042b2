// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Karaf runs when a shell begins: definitions of the administrator's, which nobody types. */
final class InitScripts {
    private final Path folder;

    private InitScripts(Path folder) {
        this.folder = folder;
    }

    /** @param etc the folder of settings */
    static InitScripts in(String etc) {
        return new InitScripts(Path.of(etc));
    }

    /** By the text alone: a shell that is opened for one command does not say that it runs one. */
    boolean isOne(CharSequence command) {
        String text = command.toString();
        return files().stream().anyMatch(file -> text.equals(content(file)));
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(folder.resolve("shell.init.script")));
        Path more = folder.resolve("scripts");
        if (Files.isDirectory(more)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(more, "*.script")) {
                found.forEach(files::add);
            } catch (IOException unreadable) {
                // Then Karaf runs none of them either.
                return files;
            }
        }
        return files;
    }

    /** As Karaf reads it. */
    private static String content(Path file) {
        try {
            return String.join("\n", Files.readAllLines(file));
        } catch (IOException unreadable) {
            return "";
        }
    }
}
