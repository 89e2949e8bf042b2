// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server keeps its id over restarts and never makes up a new one where one was. */
class FileServerIdentityTest {
    @TempDir
    private Path folder;

    @Test
    void staysTheSameOverRestarts() throws Exception {
        FileServerIdentity first = new FileServerIdentity(folder, "");
        FileServerIdentity second = new FileServerIdentity(folder, "Gate house ");

        assertThat(second.serverId()).isEqualTo(first.serverId());
        assertThat(first.name()).isNotBlank();
        assertThat(second.name()).isEqualTo("Gate house");
        assertThat(second.dataFolder()).isEqualTo(folder);
    }

    @Test
    void refusesToStartWithADamagedFileAndLeavesItAlone() throws Exception {
        Path file = folder.resolve("server.json");
        for (String damage : new String[] {"", "{", "{}", "{\"serverId\":\"x\"}", "[]"}) {
            Files.writeString(file, damage);
            assertThatIOException()
                    .as(damage)
                    .isThrownBy(() -> new FileServerIdentity(folder, ""))
                    .withMessageContaining("server.json");
            assertThat(file).hasContent(damage);
        }
    }

    @Test
    void aFileOfTheOwnerOnlyIsReplacedWhole() throws Exception {
        Path file = folder.resolve("keys").resolve("secret");
        SafeFile.write(file, "one".getBytes());
        Files.writeString(file.resolveSibling("secret.new"), "left over by a crash");
        SafeFile.write(file, "two".getBytes());

        assertThat(file).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        SafeFile.delete(file);
        SafeFile.delete(file);
        assertThat(file).doesNotExist();
    }
}
