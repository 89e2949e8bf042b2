// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.file.Path;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How much is exported, and how; {@code etc/org.nxvms.export.cfg}. */
@ObjectClassDefinition(
        name = "NXvms export",
        description = "Packages of footage: where they lie, how large they become, how fast they are made")
@interface ExportSettings {
    @AttributeDefinition(
            name = "Folder",
            description =
                    "Where packages lie; absolute, or within the data folder. Packages made before stay where they"
                            + " were and are not known any more")
    String folder() default "exports";

    @AttributeDefinition(
            name = "Packages in GiB",
            description =
                    "All packages together are no larger; beyond, orders are refused. Where footage is recorded on"
                            + " the folder's disk too, at most a tenth of the disk",
            min = "1",
            max = "100000")
    int packagesGibibytesMax() default 100;

    @AttributeDefinition(
            name = "Reserve in MiB",
            description =
                    "So much of the folder's disk stays free; a package that would need more fails. Where footage is"
                            + " recorded on that disk too, at least what its volume keeps free",
            min = "16",
            max = "10000000")
    int reserveMebibytes() default 2048;

    @AttributeDefinition(name = "Jobs", description = "Packages made at the same time", min = "1", max = "8")
    int jobsMax() default 1;

    @AttributeDefinition(
            name = "Waiting jobs",
            description = "Orders that are not finished; beyond, they are refused",
            min = "1",
            max = "1000")
    int waitingMax() default 100;

    @AttributeDefinition(
            name = "Waiting jobs of one user",
            description = "Of those, so many of one user, so that there is room for those of others",
            min = "1",
            max = "1000")
    int waitingOfOneMax() default 10;

    @AttributeDefinition(
            name = "Hours kept",
            description = "A finished package is removed after this",
            min = "1",
            max = "8760")
    int hoursKept() default 72;

    @AttributeDefinition(
            name = "Speed in MiB per second",
            description = "How fast each job reads footage, so that what is recorded meanwhile finds its disks free",
            min = "1",
            max = "10000")
    int mebibytesPerSecond() default 100;

    @AttributeDefinition(
            name = "Days of an order",
            description = "Longer ranges are ordered in parts",
            min = "1",
            max = "366")
    int daysMax() default 31;

    /** The settings as limits. */
    final class Limits {
        private static final long MEBI = 1L << 20;

        private Limits() {}

        static ExportLimits of(ExportSettings settings, Path dataFolder) {
            return new ExportLimits(
                    dataFolder.resolve(settings.folder()),
                    settings.packagesGibibytesMax() * (MEBI << 10),
                    settings.reserveMebibytes() * MEBI,
                    settings.jobsMax(),
                    settings.waitingMax(),
                    settings.waitingOfOneMax(),
                    settings.hoursKept(),
                    settings.mebibytesPerSecond() * MEBI,
                    settings.daysMax());
        }
    }
}
