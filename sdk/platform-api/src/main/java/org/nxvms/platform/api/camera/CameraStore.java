// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the stored cameras; offered by persistence, used by the registry only. Blocks for one
 * transaction; throws {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface CameraStore {
    /**
     * A camera with what only the registry may see.
     *
     * @param sealedPassword from the vault, empty when none is stored
     * @param endpoints the last known stream endpoints as sealed JSON, empty when never known; lets a
     *     camera record while its driver is absent
     */
    record StoredCamera(Camera camera, Optional<String> sealedPassword, Optional<String> endpoints) {}

    List<StoredCamera> load();

    void insert(StoredCamera camera);

    /**
     * Replaces the row if its version is one less than the given camera's.
     *
     * @return false when the row has another version or is gone; nothing is changed
     */
    boolean update(StoredCamera camera);

    /** Stores the last known endpoints without changing the version. */
    void rememberEndpoints(UUID id, String endpoints);

    boolean delete(UUID id);
}
