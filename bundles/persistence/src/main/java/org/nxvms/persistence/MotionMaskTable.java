// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.UUID;
import javax.persistence.LockModeType;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.motion.MotionMaskStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Motion masks of cameras, in {@code motion_mask}. */
@Component(service = MotionMaskStore.class)
public final class MotionMaskTable implements MotionMaskStore {
    private final Transactions transactions;

    @Activate
    public MotionMaskTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    MotionMaskTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public MotionMask of(UUID cameraId) {
        return transactions.reading().answer("find the motion mask of a camera", em -> {
            MotionMaskRow row = em.find(MotionMaskRow.class, cameraId.toString());
            return row == null ? MotionMask.NONE : row.mask();
        });
    }

    @Override
    public boolean replace(UUID cameraId, MotionMask mask) {
        return transactions.answer("change the motion mask of a camera", em -> {
            // Before the first there is no row that two at once would wait for.
            if (em.find(CameraRow.class, cameraId.toString(), LockModeType.PESSIMISTIC_WRITE) == null) {
                return false;
            }
            MotionMaskRow row = em.find(MotionMaskRow.class, cameraId.toString());
            if ((row == null ? MotionMask.NONE.version() : row.version()) != mask.version() - 1) {
                return false;
            }
            if (row == null) {
                em.persist(new MotionMaskRow(cameraId, mask));
            } else {
                row.take(mask);
            }
            return true;
        });
    }
}
