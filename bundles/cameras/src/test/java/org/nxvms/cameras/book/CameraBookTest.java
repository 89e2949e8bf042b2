// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Clock;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeStore;
import org.nxvms.cameras.fake.House;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.test.kit.BindingVault;

/** Memory and store agree, whatever fails in between. */
class CameraBookTest {
    private final FakeStore store = new FakeStore();
    private final Secrets secrets = new Secrets();
    private final List<String> told = new ArrayList<>();
    private final CameraBook book = book(House.SERVER);

    private CameraBook book(UUID server) {
        return new CameraBook(Clock.systemUTC(), server, secrets, Runnable::run, new CameraBook.Listener() {
            @Override
            public void loaded(List<StoredCamera> all) {
                told.add("loaded " + all.size());
            }

            @Override
            public void changed(StoredCamera camera) {
                told.add("changed " + camera.camera().version());
            }

            @Override
            public void removed(Camera camera) {
                told.add("removed");
            }
        });
    }

    @BeforeEach
    void open() {
        secrets.vault(new BindingVault());
        book.store(store);
        book.load(() -> told.add("failed"));
    }

    @Test
    void nothingIsSaidBeforeTheStoreWasRead() {
        CameraBook early = book(House.SERVER);

        assertThatThrownBy(early::all).isInstanceOf(StoreException.class).hasMessageContaining("try again");
        assertThatThrownBy(() -> early.create(draft("rtsp://cam/1"), Set.of())).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> early.delete(UUID.randomUUID(), Optional.empty()))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void thePasswordIsStoredSealedAndOpensForItsOwnCameraOnly() {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        Camera other = book.create(draft("rtsp://cam/2"), Set.of());

        StoredCamera row = store.rows.get(camera.id());
        assertThat(row.sealedPassword().orElseThrow()).doesNotContain("geheim");
        assertThat(secrets.credentials(row).orElseThrow().password()).isEqualTo("geheim");
        StoredCamera swapped = new StoredCamera(other, row.sealedPassword(), Optional.empty());
        assertThatThrownBy(() -> secrets.credentials(swapped)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChangeThatTheStoreRefusesIsNotSeen() {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        told.clear();
        store.broken = true;

        assertThatThrownBy(() -> book.update(camera.id(), Optional.empty(), draft("rtsp://cam/2"), Set.of()))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> book.delete(camera.id(), Optional.empty())).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> book.create(draft("rtsp://cam/3"), Set.of())).isInstanceOf(StoreException.class);

        assertThat(book.all()).extracting(s -> s.camera().version()).containsExactly(1L);
        assertThat(told).isEmpty();
    }

    @Test
    void versionsGuardAgainstLostChanges() {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        Camera second = book.update(camera.id(), Optional.of(1L), draft("rtsp://cam/2"), Set.of());

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.created()).isEqualTo(camera.created());
        assertThatThrownBy(() -> book.update(camera.id(), Optional.of(1L), draft("rtsp://cam/3"), Set.of()))
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> book.update(UUID.randomUUID(), Optional.empty(), draft("rtsp://cam/3"), Set.of()))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(book.update(camera.id(), Optional.empty(), draft("rtsp://cam/3"), Set.of())
                        .version())
                .as("without a version the change is made upon whatever is there")
                .isEqualTo(3);
    }

    @Test
    void whatIsThereIsNotAddedAgain() throws Exception {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        told.clear();

        assertThatThrownBy(() -> book.createUnless(
                        one -> one.address().equals(camera.address()), draft("rtsp://cam/1"), Set.of()))
                .isInstanceOfSatisfying(CameraKnownException.class, known -> assertThat(known.camera())
                        .isEqualTo(camera.id()));
        assertThat(store.rows).hasSize(1);
        assertThat(told).isEmpty();

        assertThat(book.createUnless(one -> false, draft("rtsp://cam/2"), Set.of())
                        .id())
                .isNotEqualTo(camera.id());
        assertThat(store.rows).hasSize(2);
    }

    @Test
    void endpointsStayWithTheDeviceTheyWereFoundAt() {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        book.remember(camera.id(), 1, "sealed endpoints", () -> told.add("failed"));
        assertThat(store.rows.get(camera.id()).endpoints()).contains("sealed endpoints");

        book.update(camera.id(), Optional.empty(), draft("rtsp://cam/1", Optional.empty(), false), Set.of());
        assertThat(store.rows.get(camera.id()).endpoints()).contains("sealed endpoints");
        book.update(camera.id(), Optional.empty(), draft("rtsp://elsewhere/1"), Set.of());
        assertThat(store.rows.get(camera.id()).endpoints()).isEmpty();

        book.remember(camera.id(), 2, "found with an older configuration", () -> told.add("failed"));
        assertThat(store.rows.get(camera.id()).endpoints()).isEmpty();
        store.broken = true;
        book.remember(camera.id(), 3, "x", () -> told.add("failed"));
        assertThat(told).endsWith("failed");
    }

    @Test
    void camerasOfOtherServersInTheSameDatabaseAreNotOurs() {
        Camera camera = book.create(draft("rtsp://cam/1"), Set.of());
        CameraBook elsewhere = book(UUID.randomUUID());
        elsewhere.store(store);
        elsewhere.load(() -> told.add("failed"));

        assertThat(elsewhere.all()).isEmpty();
        assertThat(book.find(camera.id())).isPresent();
    }

    @Test
    void withoutAVaultNoPasswordIsTaken() {
        secrets.vault(null);

        assertThatThrownBy(() -> book.create(draft("rtsp://cam/1"), Set.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("vault");
        CameraDraft open = new CameraDraft(
                "Open",
                "rtsp",
                java.net.URI.create("rtsp://cam/1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                java.util.Map.of(),
                org.nxvms.platform.api.camera.RecordingSettings.DEFAULT);
        assertThat(book.create(open, Set.of()).hasPassword()).isFalse();
    }
}
