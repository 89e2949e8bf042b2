// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraStore;

/** A store in memory that can fail. */
public final class FakeStore implements CameraStore {
    public final Map<UUID, StoredCamera> rows = new ConcurrentHashMap<>();
    /** While set, every call fails. */
    public volatile boolean broken;

    public int loads;

    @Override
    public List<StoredCamera> load() {
        loads++;
        check();
        return new ArrayList<>(rows.values());
    }

    @Override
    public void insert(StoredCamera camera) {
        check();
        rows.put(camera.camera().id(), camera);
    }

    @Override
    public boolean update(StoredCamera camera) {
        check();
        StoredCamera before = rows.get(camera.camera().id());
        if (before == null || before.camera().version() != camera.camera().version() - 1) {
            return false;
        }
        rows.put(camera.camera().id(), camera);
        return true;
    }

    @Override
    public void rememberEndpoints(UUID id, String endpoints) {
        check();
        rows.computeIfPresent(
                id, (key, row) -> new StoredCamera(row.camera(), row.sealedPassword(), Optional.of(endpoints)));
    }

    @Override
    public boolean delete(UUID id) {
        check();
        return rows.remove(id) != null;
    }

    private void check() {
        if (broken) {
            throw new StoreException("The database is away.", null);
        }
    }
}
