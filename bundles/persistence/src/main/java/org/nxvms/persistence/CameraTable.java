// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import java.util.UUID;
import javax.persistence.LockModeType;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.camera.CameraStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Cameras in the table {@code camera}. */
@Component(service = CameraStore.class)
public final class CameraTable implements CameraStore {
    private final Transactions transactions;
    private final Transactions reads;

    @Activate
    public CameraTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    CameraTable(Transactions transactions) {
        this.transactions = transactions;
        this.reads = transactions.reading();
    }

    @Override
    public List<StoredCamera> load() {
        return reads.answer(
                "load the cameras", em -> em.createQuery("select c from CameraRow c order by c.name", CameraRow.class)
                        .getResultStream()
                        .map(CameraRow::stored)
                        .toList());
    }

    @Override
    public void insert(StoredCamera camera) {
        transactions.run("add the camera", em -> em.persist(new CameraRow(camera)));
    }

    @Override
    public boolean update(StoredCamera camera) {
        return transactions.answer("change the camera", em -> {
            CameraRow row = em.find(CameraRow.class, camera.camera().id().toString(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null || row.version() != camera.camera().version() - 1) {
                return false;
            }
            row.take(camera);
            return true;
        });
    }

    @Override
    public void rememberEndpoints(UUID id, String endpoints) {
        transactions.run("remember a camera's streams", em -> {
            CameraRow row = em.find(CameraRow.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
            if (row != null) {
                row.endpoints(endpoints);
            }
        });
    }

    @Override
    public boolean delete(UUID id) {
        return transactions.answer("remove the camera", em -> {
            CameraRow row = em.find(CameraRow.class, id.toString());
            if (row == null) {
                return false;
            }
            em.remove(row);
            return true;
        });
    }
}
