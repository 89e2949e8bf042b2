// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraStore;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured cameras in memory, over a store that may come and go.
 *
 * <p>Reading: any thread, from memory. Changing: one thread of its own does every transaction and
 * every change of the view, in the order asked, so that view and store never disagree about the order;
 * the caller waits for it. Once loaded, the view stays readable while the store is away.
 */
public final class CameraBook {
    /** More than one server can record; keeps a broken import from filling the memory. */
    public static final int CAMERAS_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(CameraBook.class);
    /** A transaction takes milliseconds; a caller who waits longer shall be told rather than wait. */
    private static final int TRANSACTION_MS_MAX = 20_000;

    private static final Comparator<StoredCamera> BY_NAME = Comparator.comparing(
                    (StoredCamera s) -> s.camera().name().toLowerCase(Locale.ROOT))
            .thenComparing(s -> s.camera().id());

    /** What the book tells, on its own thread, in the order of the changes. */
    public interface Listener {
        /** The book was read from the store; this is all there is. */
        void loaded(List<StoredCamera> all);

        /** A camera is new or has another configuration. */
        void changed(StoredCamera camera);

        void removed(Camera camera);
    }

    private final Clock clock;
    private final UUID serverId;
    private final Secrets secrets;
    private final Executor changes;
    private final Listener listener;
    private volatile CameraStore store;
    /** By id; replaced as a whole, by the book's thread only. Empty until loaded. */
    private volatile Optional<Map<UUID, StoredCamera>> view = Optional.empty();

    private volatile List<StoredCamera> sorted = List.of();

    /**
     * @param serverId cameras of other servers in a shared database are none of this book's
     * @param changes runs one task at a time, in order
     */
    public CameraBook(Clock clock, UUID serverId, Secrets secrets, Executor changes, Listener listener) {
        this.clock = clock;
        this.serverId = serverId;
        this.secrets = secrets;
        this.changes = changes;
        this.listener = listener;
    }

    /** The store is here; {@link #load} reads it. */
    public void store(CameraStore now) {
        store = now;
    }

    public void storeGone(CameraStore gone) {
        if (store == gone) {
            store = null;
        }
    }

    /**
     * Reads the store, on the book's thread.
     *
     * @param failed told when it could not be read; the caller tries again later
     */
    public void load(Runnable failed) {
        changes.execute(() -> {
            CameraStore now = store;
            if (now == null) {
                return;
            }
            Map<UUID, StoredCamera> loaded = new HashMap<>();
            try {
                for (StoredCamera stored : now.load()) {
                    if (stored.camera().serverId().equals(serverId)) {
                        loaded.put(stored.camera().id(), stored);
                    }
                }
            } catch (RuntimeException e) {
                LOG.warn("The cameras cannot be read from the database, trying again: {}", e.toString());
                failed.run();
                return;
            }
            show(loaded);
            LOG.info("{} cameras read from the database", loaded.size());
            listener.loaded(sorted);
        });
    }

    public boolean loaded() {
        return view.isPresent();
    }

    /** {@return all, by name} @throws StoreException before the first load */
    public List<StoredCamera> all() {
        viewNow();
        return sorted;
    }

    /** @throws StoreException before the first load */
    public Optional<StoredCamera> find(UUID id) {
        return Optional.ofNullable(viewNow().get(id));
    }

    /**
     * Stores a new camera.
     *
     * @param typed as {@link Intake} let it pass
     * @param secretSettings names of the settings that are stored sealed only
     * @throws StoreException when the database or the vault is away
     * @throws IllegalStateException when there are {@link #CAMERAS_MAX} already
     */
    public Camera create(CameraDraft typed, Set<String> secretSettings) {
        return inOrder(() -> insert(UUID.randomUUID(), typed, secretSettings));
    }

    /**
     * As {@link #create}, unless it is stored already; decided in the order of the changes, so that of several who add the
     * same at once one does.
     *
     * @param same whether a stored camera is the one that is to be added; asked on the book's thread
     * @throws CameraKnownException when there is one
     */
    public Camera createUnless(Predicate<Camera> same, CameraDraft typed, Set<String> secretSettings)
            throws CameraKnownException {
        UUID id = UUID.randomUUID();
        Camera stored = inOrder(() -> all().stream()
                .map(StoredCamera::camera)
                .filter(same)
                .findFirst()
                .orElseGet(() -> insert(id, typed, secretSettings)));
        if (!stored.id().equals(id)) {
            throw new CameraKnownException(stored.id());
        }
        return stored;
    }

    private Camera insert(UUID id, CameraDraft typed, Set<String> secretSettings) {
        if (viewNow().size() >= CAMERAS_MAX) {
            throw new IllegalStateException(
                    "This server has " + CAMERAS_MAX + " cameras, which is its limit; remove one or add a server.");
        }
        Instant created = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<String> sealed = seal(id, typed.password());
        CameraDraft draft = typed.withSettings(secrets.sealSettings(id, typed.settings(), secretSettings));
        StoredCamera stored = new StoredCamera(
                camera(id, 1, serverId, draft, sealed.isPresent(), created, created), sealed, Optional.empty());
        storeNow().insert(stored);
        replace(stored);
        listener.changed(stored);
        return stored.camera();
    }

    /**
     * Replaces a camera's configuration. Its remembered endpoints stay unless they may belong to
     * another device now. What changes nothing is no change: no new version, nobody is told.
     *
     * @throws NoSuchResourceException when there is no such camera
     * @throws StaleVersionException when its version is another
     * @throws StoreException when the database or the vault is away
     */
    public Camera update(UUID id, Optional<Long> expectedVersion, CameraDraft typed, Set<String> secretSettings) {
        return inOrder(() -> {
            StoredCamera before = Optional.ofNullable(viewNow().get(id))
                    .orElseThrow(() -> new NoSuchResourceException("There is no camera " + id + "."));
            Camera old = before.camera();
            requireVersion(old, expectedVersion);
            CameraDraft draft = typed.withSettings(secrets.sealSettings(id, typed.settings(), secretSettings));
            Optional<String> sealed = draft.username().isEmpty()
                    ? Optional.empty()
                    : draft.password().isPresent() ? seal(id, draft.password()) : before.sealedPassword();
            if (draft.password().isEmpty()
                    && camera(
                                    id,
                                    old.version(),
                                    old.serverId(),
                                    draft,
                                    sealed.isPresent(),
                                    old.created(),
                                    old.updated())
                            .equals(old)) {
                return old;
            }
            Instant updated = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Camera camera =
                    camera(id, old.version() + 1, old.serverId(), draft, sealed.isPresent(), old.created(), updated);
            StoredCamera after =
                    new StoredCamera(camera, sealed, sameDevice(old, camera) ? before.endpoints() : Optional.empty());
            if (!storeNow().update(after)) {
                throw new StaleVersionException(
                        "The camera was changed or removed in the database meanwhile; read it again.");
            }
            replace(after);
            listener.changed(after);
            return camera;
        });
    }

    /**
     * Takes another address for a camera that was found there. Its password may be shown there by Digest only, until somebody
     * enters it anew.
     *
     * @param version of the configuration that was followed
     * @throws NoSuchResourceException when there is no such camera any more
     * @throws StaleVersionException when somebody has changed it meanwhile
     * @throws StoreException when the database is away
     */
    public Camera move(UUID id, long version, URI address) {
        return inOrder(() -> {
            StoredCamera before = Optional.ofNullable(viewNow().get(id))
                    .orElseThrow(() -> new NoSuchResourceException("There is no camera " + id + "."));
            requireVersion(before.camera(), Optional.of(version));
            StoredCamera after = new StoredCamera(
                    before.camera().movedTo(address, clock.instant().truncatedTo(ChronoUnit.MILLIS)),
                    before.sealedPassword().map(Secrets::onlyByDigest),
                    Optional.empty());
            if (!storeNow().update(after)) {
                throw new StaleVersionException("The camera was changed or removed in the database meanwhile.");
            }
            replace(after);
            listener.changed(after);
            return after.camera();
        });
    }

    private static void requireVersion(Camera camera, Optional<Long> expected) {
        if (expected.isPresent() && expected.get() != camera.version()) {
            throw new StaleVersionException("The camera was changed meanwhile: it has version " + camera.version()
                    + ", the request expects " + expected.get() + ".");
        }
    }

    /** An empty password needs no seal: it is the same as none. */
    private Optional<String> seal(UUID id, Optional<String> password) {
        return password.filter(secret -> !secret.isEmpty()).map(secret -> secrets.sealPassword(id, secret));
    }

    /** {@return whether two configurations surely name the same device by the same driver} */
    public static boolean sameDevice(Camera a, Camera b) {
        return a.driver().equals(b.driver())
                && a.address().equals(b.address())
                && a.subAddress().equals(b.subAddress());
    }

    /**
     * Removes a camera; {@return false when there is none}.
     *
     * @param expectedVersion empty for whatever it is
     * @throws StaleVersionException when it is another one
     */
    public boolean delete(UUID id, Optional<Long> expectedVersion) {
        return inOrder(() -> {
            StoredCamera stored = viewNow().get(id);
            if (stored == null) {
                return false;
            }
            requireVersion(stored.camera(), expectedVersion);
            storeNow().delete(id);
            Map<UUID, StoredCamera> next = new HashMap<>(viewNow());
            next.remove(id);
            show(next);
            listener.removed(stored.camera());
            return true;
        });
    }

    /**
     * Keeps a camera's endpoints over restarts. Does not wait.
     *
     * @param version of the configuration they were found with; found with an older one, they are dropped
     * @param failed told when they could not be stored
     */
    public void remember(UUID id, long version, String sealedEndpoints, Runnable failed) {
        changes.execute(() -> {
            StoredCamera stored = view.map(cameras -> cameras.get(id)).orElse(null);
            if (stored == null || stored.camera().version() != version) {
                return;
            }
            try {
                storeNow().rememberEndpoints(id, sealedEndpoints);
            } catch (RuntimeException e) {
                LOG.warn("The endpoints of camera {} are not stored yet, trying again: {}", id, e.toString());
                failed.run();
                return;
            }
            replace(new StoredCamera(stored.camera(), stored.sealedPassword(), Optional.of(sealedEndpoints)));
        });
    }

    private <T> T inOrder(Supplier<T> change) {
        CompletableFuture<T> result = CompletableFuture.supplyAsync(change, changes);
        try {
            return result.get(TRANSACTION_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new StoreException(
                    "The database did not answer within " + TRANSACTION_MS_MAX / 1_000
                            + " s. The change may still be made; read the camera again before repeating it.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("Interrupted while waiting for the database.", e);
        }
    }

    private void replace(StoredCamera stored) {
        Map<UUID, StoredCamera> next = new HashMap<>(viewNow());
        next.put(stored.camera().id(), stored);
        show(next);
    }

    private void show(Map<UUID, StoredCamera> next) {
        sorted = next.values().stream().sorted(BY_NAME).toList();
        view = Optional.of(next);
    }

    private Map<UUID, StoredCamera> viewNow() {
        return view.orElseThrow(() -> new StoreException(
                "The cameras are not read from the database yet; try again in a few seconds.", null));
    }

    private CameraStore storeNow() {
        CameraStore now = store;
        if (now == null) {
            throw new StoreException(
                    "The database is not available at the moment; nothing was changed. Try again in a few seconds.",
                    null);
        }
        return now;
    }

    private static Camera camera(
            UUID id,
            long version,
            UUID serverId,
            CameraDraft draft,
            boolean hasPassword,
            Instant created,
            Instant now) {
        return new Camera(
                id,
                version,
                serverId,
                draft.name(),
                draft.driver(),
                draft.address(),
                draft.subAddress(),
                draft.username(),
                hasPassword,
                draft.enabled(),
                draft.group(),
                draft.settings(),
                draft.recording(),
                created,
                now);
    }
}
