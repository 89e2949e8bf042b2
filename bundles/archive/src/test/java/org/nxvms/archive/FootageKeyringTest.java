// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of footage: made once, never replaced unasked, and only believed when they are what their name says. */
class FootageKeyringTest {
    @TempDir
    Path data;

    private Path folder;
    private FootageKeyring keyring;

    @BeforeEach
    void start() {
        folder = data.resolve("keys/footage");
        keyring = new FootageKeyring(folder);
    }

    @Test
    void theFirstKeyIsMadeAtFirstUseAndStaysOverRestarts() throws IOException {
        assertThat(keyring.keys()).isEmpty();
        FootageKeyring.Key first = keyring.current();
        assertThat(first.secret()).hasSize(32);
        FootageKeyring.Key again = new FootageKeyring(folder).current();
        assertThat(again.secret()).isEqualTo(first.secret());
        assertThat(again.created()).isEqualTo(first.created());
        assertThat(keyring.find(first.id()).orElseThrow().secret()).isEqualTo(first.secret());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyring.file(first.name()))))
                .isEqualTo("rw-------");
    }

    @Test
    void rotationMakesAnotherAndKeepsTheOld() throws IOException {
        FootageKeyring.Key first = keyring.current();
        FootageKeyring.Key second = keyring.rotate();
        assertThat(second.secret()).isNotEqualTo(first.secret());
        assertThat(keyring.current().name()).isEqualTo(second.name());
        assertThat(keyring.isCurrent(first)).isFalse();
        assertThat(keyring.keys())
                .extracting(FootageKeyring.Key::name)
                .containsExactlyInAnyOrder(first.name(), second.name());
        assertThat(keyring.find(first.id()).orElseThrow().secret()).isEqualTo(first.secret());
    }

    @Test
    void aLostKeyIsNotReplacedByAnotherUnasked() throws IOException {
        FootageKeyring.Key first = keyring.current();
        Path file = keyring.file(first.name());
        Path away = data.resolve("away");
        Files.move(file, away);
        assertThatThrownBy(keyring::current)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("put it back from a backup")
                .hasMessageContaining("nxvms:footage-keys --rotate");
        assertThat(keyring.find(first.id())).isEmpty();

        Files.move(away, file);
        assertThat(keyring.current().secret()).as("counts at once").isEqualTo(first.secret());
    }

    @Test
    void aFolderThatIsLostOrNotMountedIsNotTakenForANewOne() throws IOException {
        FootageKeyring.Key first = keyring.current();
        for (Path mounted : List.of(folder, folder.getParent())) {
            Path away = Files.move(mounted, data.resolve("away"));
            FootageKeyring restarted = new FootageKeyring(folder);
            assertThatThrownBy(restarted::current)
                    .hasMessageContaining(first.name())
                    .hasMessageContaining("mount " + folder + " or put it back from a backup")
                    .hasMessageContaining("nxvms:footage-keys --rotate");
            assertThat(mounted).as("nothing is made under the mount").doesNotExist();

            Files.move(away, mounted);
            assertThat(restarted.current().secret()).isEqualTo(first.secret());
        }
    }

    @Test
    void onlyTheAdministratorReplacesALostFolder() throws IOException {
        keyring.current();
        Files.move(folder, data.resolve("away"));
        FootageKeyring.Key second = keyring.rotate();
        assertThat(keyring.current().secret()).isEqualTo(second.secret());
    }

    @Test
    void keysOfAFormerServerWithoutMarkerAreNotReplacedEither() throws IOException {
        keyring.current();
        keyring.rotate();
        Path marker = data.resolve("volumes/footage-key");
        Files.delete(marker);
        Path current = folder.resolve("current");
        Path away = Files.move(current, data.resolve("away"));
        assertThatThrownBy(keyring::current).hasMessageContaining(current.toString());
        assertThat(keyring.keys()).hasSize(2);

        Files.move(away, current);
        keyring.current();
        assertThat(marker).as("is made up for").hasContent(Files.readString(current));
    }

    @Test
    void aFirstKeyWhosePointerCouldNotBeWrittenIsTakenUpAndNothingElseLeftBehind() throws IOException {
        Path volumes = data.resolve("volumes");
        Files.createSymbolicLink(volumes, data.resolve("a disk that is not there"));
        for (int second = 0; second < 3; second++) {
            assertThatThrownBy(keyring::current).isInstanceOf(IOException.class);
        }
        Files.delete(volumes);
        FootageKeyring.Key first = keyring.current();
        assertThat(keyring.keys()).hasSize(1);
        assertThat(Files.list(folder)).containsExactlyInAnyOrder(keyring.file(first.name()), folder.resolve("current"));
        assertThat(Files.list(volumes)).hasSize(1);

        Files.delete(folder.resolve("current"));
        assertThat(keyring.current().secret()).isEqualTo(first.secret());
    }

    @Test
    void aSecretThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("one.key");
        Files.createDirectories(file.resolve("not empty"));
        for (int second = 0; second < 3; second++) {
            assertThatThrownBy(() -> SecretFile.write(file, "text")).isInstanceOf(IOException.class);
        }
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void anotherKeyUnderItsNameIsNotBelieved() throws IOException {
        FootageKeyring.Key first = keyring.current();
        FootageKeyring.Key second = keyring.rotate();
        Files.copy(
                keyring.file(second.name()),
                keyring.file(first.name()),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> keyring.find(first.id())).hasMessageContaining("is not the key its name says");
    }

    @Test
    void filesThatPeopleSpoiltAreToldWithoutShowingWhatIsInThem() throws IOException {
        FootageKeyring.Key first = keyring.current();
        Path file = keyring.file(first.name());
        String text = Files.readString(file);
        String secret = text.lines().skip(1).findFirst().orElseThrow();
        for (String spoilt : new String[] {
            "",
            "x",
            text.replace("-1\n", "-2\n"),
            text.substring(0, 30),
            text.replace(secret, "?" + secret),
            text.substring(0, text.length() - 8),
            "y".repeat(5000)
        }) {
            Files.writeString(file, spoilt);
            assertThatThrownBy(() -> keyring.find(first.id()))
                    .as(spoilt)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining(secret);
        }
        Files.writeString(folder.resolve("current"), "no such");
        assertThatThrownBy(keyring::current).hasMessageContaining("does not name a key");
    }
}
