// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.camera;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.FieldError;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * Refuses ids that name no camera. One that the caller may not know of is refused with the same words, in the same place, as one that
 * is not there. Any thread; may block as {@link KnownCameras} does.
 */
public final class NamedCameras {
    private static final int NOT_FOUND = 404;

    private final KnownCameras known;

    public NamedCameras(KnownCameras known) {
        this.known = known;
    }

    /**
     * Of the camera that an address names, behind the question for its right.
     *
     * @throws ProblemException 404
     */
    public void require(UUID id) {
        if (known.isUnknown(id)) {
            throw Problem.noCamera(id).exception();
        }
    }

    /**
     * Of cameras that a body or a query names.
     *
     * @param rights what the caller must have on each; none: may know of it
     * @throws ProblemException 404 with an error at the field for each that is not there; 403 for a right that is missing
     */
    public void require(Caller caller, String field, Collection<UUID> ids, Permission... rights) {
        require(caller, field, ids, Set.of(), rights);
    }

    /**
     * As above, where some were named before: they may stay, whatever has become of them.
     *
     * @param stay need the rights, but not be there any more
     */
    public void require(
            Caller caller, String field, Collection<UUID> ids, Collection<UUID> stay, Permission... rights) {
        List<FieldError> errors = new ArrayList<>();
        for (UUID id : ids) {
            if (isHidden(caller, id, rights) || !stay.contains(id) && known.isUnknown(id)) {
                errors.add(new FieldError(field, Problem.noCamera(id).detail()));
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.notFound(errors.get(0).detail()).withErrors(errors).exception();
        }
    }

    private static boolean isHidden(Caller caller, UUID id, Permission... rights) {
        try {
            if (rights.length == 0) {
                caller.requireSight(id);
            }
            for (Permission right : rights) {
                caller.require(right, id);
            }
            return false;
        } catch (ProblemException e) {
            if (e.problem().status() == NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }
}
