// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** Footage is locked, listed and unlocked by commands. */
class LockCommandsTest {
    private final FakeRegistry registry = new FakeRegistry();
    private final Book book = new Book();
    private final Console console =
            new Console().with(EvidenceLocks.class, book).with(CameraRegistry.class, registry);

    /** Locks in memory. */
    private static final class Book implements EvidenceLocks {
        final List<EvidenceLock> locks = new ArrayList<>();
        boolean full;

        @Override
        public List<EvidenceLock> locks() {
            return List.copyOf(locks);
        }

        @Override
        public void lock(EvidenceLock lock) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            locks.add(lock);
        }

        @Override
        public boolean unlock(UUID id, String by) {
            return locks.removeIf(lock -> lock.id().equals(id));
        }
    }

    private static LockCommand lock(String from, String to, String... cameras) {
        LockCommand command = new LockCommand();
        command.from = from;
        command.to = to;
        command.cameras = List.of(cameras);
        return command;
    }

    @Test
    void footageIsLockedListedAndUnlocked() throws Exception {
        Camera gate = registry.add("Gate");
        Camera yard = registry.add("Yard");
        LockCommand command = lock("2026-11-25T18:00:00Z", "2026-11-25T18:30:00+00:00", "gate", "Yard", "Gate");
        command.reason = " case 17 ";
        assertThat(console.run(command)).contains("2 cameras");

        assertThat(book.locks).singleElement().satisfies(lock -> {
            assertThat(lock.cameraIds()).containsExactly(gate.id(), yard.id());
            assertThat(lock.fromUs()).isEqualTo(us("2026-11-25T18:00:00Z"));
            assertThat(lock.toUs()).isEqualTo(us("2026-11-25T18:30:00Z"));
            assertThat(lock.reason()).isEqualTo("case 17");
            assertThat(lock.createdBy()).isEqualTo("shell");
        });
        String id = book.locks.get(0).id().toString();
        assertThat(console.run(new LocksCommand())).contains(id, "Gate, Yard", "case 17", "shell");
        LocksCommand ofOther = new LocksCommand();
        ofOther.camera = registry.add("Door").name();
        assertThat(console.run(ofOther)).contains("No footage is locked").doesNotContain(id);

        UnlockCommand unlock = new UnlockCommand();
        unlock.id = id;
        assertThat(console.run(unlock)).contains("Unlocked " + id);
        assertThat(book.locks).isEmpty();
        assertThatThrownBy(() -> console.run(unlock))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("nxvms:locks");
        unlock.id = "17";
        assertThatThrownBy(() -> console.run(unlock)).hasMessage("There is no lock \"17\". nxvms:locks lists them.");
    }

    @Test
    void whatCannotBeLockedIsSaid() {
        registry.add("Gate");
        assertThatThrownBy(() -> console.run(lock("yesterday", "2026-11-25T18:30", "Gate")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("from is no time: \"yesterday\"");
        assertThatThrownBy(() -> console.run(lock("2026-11-25T18:30", "2026-11-25T18:30", "Gate")))
                .hasMessage("\"to\" must be later than \"from\".");
        assertThatThrownBy(() -> console.run(lock("2026-11-25T18:30", "2026-11-25T18:40", "Gates")))
                .hasMessageContaining("There is no camera with the id or name \"Gates\"");
        book.full = true;
        assertThatThrownBy(() -> console.run(lock("2026-11-25T18:30", "2026-11-25T18:40", "Gate")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("it does not hold: No space left");
        assertThat(book.locks).isEmpty();
    }

    @Test
    void theHourThatClocksShowTwiceIsTakenWhole() throws Exception {
        LocalTimes berlin = new LocalTimes(ZoneId.of("Europe/Berlin"));
        assertThat(berlin.from("from", "2026-10-25T02:30")).isEqualTo(us("2026-10-25T00:30:00Z"));
        assertThat(berlin.to("to", "2026-10-25T02:30")).isEqualTo(us("2026-10-25T01:30:00Z"));
        assertThat(berlin.show(us("2026-10-25T00:30:00Z"))).isEqualTo("2026-10-25T02:30:00+02:00");
    }

    private static long us(String text) {
        return Instant.parse(text).toEpochMilli() * 1_000;
    }
}
