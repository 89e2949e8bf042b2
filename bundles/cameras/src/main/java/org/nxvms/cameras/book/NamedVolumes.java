// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.RecordingSettings;

/** A volume that nobody knows would never take the camera's footage, or its copy, and nobody would notice. */
public final class NamedVolumes {
    private NamedVolumes() {}

    /**
     * @param before what the camera had already: such a volume may be taken out of use, and the camera still be renamed
     * @param archive empty while it does not run; names are then believed
     * @throws InvalidCameraException naming the volume and those there are
     */
    public static void check(RecordingSettings recording, RecordingSettings before, Optional<Archive> archive)
            throws InvalidCameraException {
        check("recording.volumes", recording.volumes(), before.volumes(), false, archive);
        check("recording.backup", recording.backup(), before.backup(), true, archive);
    }

    private static void check(
            String field, List<String> names, Collection<String> before, boolean backup, Optional<Archive> archive)
            throws InvalidCameraException {
        List<String> fresh =
                names.stream().filter(name -> !before.contains(name)).toList();
        if (fresh.isEmpty() || archive.isEmpty()) {
            return;
        }
        List<String> known = archive.get().volumes().stream()
                .filter(volume -> volume.backup() == backup)
                .map(VolumeUsage::name)
                .sorted()
                .toList();
        String kind = backup ? "backup volume " : "volume ";
        for (String name : fresh) {
            if (!known.contains(name)) {
                throw new InvalidCameraException(Map.of(
                        field,
                        "There is no " + kind + name + ". There "
                                + (known.isEmpty() ? "are none." : "are: " + String.join(", ", known) + ".")));
            }
        }
    }
}
