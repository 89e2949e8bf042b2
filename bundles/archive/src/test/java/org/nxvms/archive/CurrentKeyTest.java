// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of the disk with the keys, who has the key in memory goes on with it, and it is told. */
@Timeout(120)
class CurrentKeyTest {
    @TempDir
    Path data;

    private final AtomicLong later = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch given = new CountDownLatch(1);
    private volatile Callable<Void> disk = () -> null;
    private FootageKeyring keyring;
    private CurrentKey current;

    @BeforeEach
    void start() {
        keyring = new FootageKeyring(data.resolve("keys/footage"));
        current = new CurrentKey(new SickKeys(), () -> System.nanoTime() + later.get());
    }

    @AfterEach
    void letGo() {
        given.countDown();
    }

    /** The files of a keyring behind a disk that can be made sick. */
    private final class SickKeys implements CurrentKey.Keys {
        @Override
        public Path folder() {
            return keyring.folder();
        }

        @Override
        public FootageKeyring.Key current() throws IOException {
            reads.incrementAndGet();
            try {
                disk.call();
            } catch (IOException sick) {
                throw sick;
            } catch (Exception stop) {
                throw new IOException(stop);
            }
            return keyring.current();
        }

        @Override
        public FootageKeyring.Key rotate() throws IOException {
            return keyring.rotate();
        }

        @Override
        public void keep(FootageKeyring.Key key) throws IOException {
            keyring.keep(key);
        }
    }

    private void hang() {
        disk = () -> {
            given.await();
            throw new IOException("given up");
        };
    }

    /** {@return what a look tells, however long its thread takes} */
    private String trouble() {
        ArchiveHouse.await(() -> current.refresh().isPresent());
        return current.refresh().orElseThrow();
    }

    @Test
    void chunksBeginWithoutReadingTheKeyAgain() throws IOException {
        FootageKeyring.Key first = current.get();
        for (int chunk = 0; chunk < 100; chunk++) {
            assertThat(current.get()).isSameAs(first);
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void aReadThatFailsIsToldAndTheKeyStays() throws Exception {
        FootageKeyring.Key first = current.get();
        disk = () -> {
            throw new IOException("Input/output error");
        };
        assertThat(trouble())
                .contains("Input/output error")
                .contains(keyring.folder().toString());
        later.addAndGet(CurrentKey.PATIENCE_NANOS + 1);
        assertThat(current.get()).isSameAs(first);

        disk = () -> null;
        ArchiveHouse.await(() -> current.refresh().isEmpty());
    }

    @Test
    void aDiskThatHangsHoldsUpNobodyAndIsToldAfterAWhile() throws Exception {
        FootageKeyring.Key first = current.get();
        hang();
        for (int second = 0; second < 5; second++) {
            assertThat(current.refresh()).isEmpty();
            assertThat(current.get()).isSameAs(first);
        }
        ArchiveHouse.await(() -> reads.get() == 2);
        assertThat(current.refresh()).isEmpty();
        assertThat(reads).as("one look hangs, no more are begun").hasValue(2);

        later.addAndGet(CurrentKey.PATIENCE_NANOS + 1);
        assertThat(trouble()).contains("does not come back");
        assertThat(current.get()).isSameAs(first);
    }

    @Test
    void aKeyThatIsGoneIsToldAtOnceAndStays() throws IOException {
        FootageKeyring.Key first = current.get();
        Files.delete(keyring.file(first.name()));
        assertThat(trouble()).contains(keyring.file(first.name()).toString());
        assertThat(current.get()).isSameAs(first);
    }

    @Test
    void aFolderPutBackFromBeforeTheRotationCostsNoKey(@TempDir Path older) throws IOException {
        FootageKeyring.Key first = current.get();
        Path backup = older.resolve("footage");
        copy(keyring.folder(), backup);
        FootageKeyring.Key second = current.rotate();

        clear(keyring.folder());
        copy(backup, keyring.folder());
        // What the folder names counts.
        ArchiveHouse.await(() ->
                current.refresh().isEmpty() && current.inMemory(first.id()).isPresent());
        assertThat(current.get().id()).isEqualTo(first.id());
        assertThat(keyring.find(second.id()).orElseThrow().secret())
                .as("memory was the last place that had it")
                .isEqualTo(second.secret());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void withoutOneInMemoryThereIsNoneUntilItIsBack() throws IOException {
        FootageKeyring.Key first = keyring.current();
        Path away = Files.move(keyring.file(first.name()), data.resolve("away"));
        assertThat(trouble()).contains(keyring.file(first.name()).toString());
        assertThat(current.isThere()).isFalse();
        assertThatThrownBy(current::get).hasMessageContaining(first.name());

        Files.move(away, keyring.file(first.name()));
        ArchiveHouse.await(() -> current.refresh().isEmpty());
        assertThat(current.get().secret()).isEqualTo(first.secret());
        assertThat(current.isThere()).isTrue();
    }

    @Test
    void aNewKeyIsMadeWhenTheOneInMemoryIsWrittenBackOnly() throws Exception {
        FootageKeyring.Key first = current.get();
        Path file = keyring.file(first.name());
        Files.delete(file);
        FootageKeyring.Key second = current.rotate();
        assertThat(new FootageKeyring(keyring.folder())
                        .find(first.id())
                        .orElseThrow()
                        .secret())
                .isEqualTo(first.secret());

        Files.writeString(keyring.file(second.name()), "damaged");
        FootageKeyring.Key third = current.rotate();
        assertThat(keyring.find(second.id()).orElseThrow().secret()).isEqualTo(second.secret());

        Files.delete(keyring.file(third.name()));
        Files.createDirectory(keyring.file(third.name()));
        assertThatThrownBy(current::rotate).isInstanceOf(IOException.class);
        assertThat(current.get()).isSameAs(third);
    }

    @Test
    void aNewKeyCountsAtOnceAndAnOlderLookDoesNotTakeItBack() throws Exception {
        current.get();
        hang();
        current.refresh();
        FootageKeyring.Key second = current.rotate();
        assertThat(current.get()).isSameAs(second);
        given.countDown();
        current.refresh();
        assertThat(current.get().secret()).isEqualTo(second.secret());
    }
}
