// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How chunks are cut and made durable; {@code etc/org.nxvms.archive.cfg}. */
@ObjectClassDefinition(name = "NXvms archive", description = "Chunk files: length, durability, retention rhythm")
@interface ArchiveLimits {
    @AttributeDefinition(
            name = "Chunk length in seconds",
            description =
                    "A new file begins at the first key frame after this, or where none comes at four times this and"
                            + " ten minutes or more; applies to new runs. From a minute on the first chunk of a run is"
                            + " up to half shorter, by stream, so that not all are sealed at once",
            min = "10",
            max = "3600")
    int chunkSeconds() default 300;

    @AttributeDefinition(
            name = "Chunk size in MiB",
            description =
                    "A new file begins at the first key frame after this, or where none comes at four times this and"
                            + " 1024 or more; applies to new runs",
            min = "1",
            max = "1900")
    int chunkMebibytes() default 256;

    @AttributeDefinition(
            name = "Flush interval in seconds",
            description = "Footage older than this survives a power cut (fdatasync per chunk)",
            min = "1",
            max = "60")
    int flushSeconds() default 5;

    @AttributeDefinition(
            name = "Retention interval in seconds",
            description = "How often expired footage and full volumes are looked for",
            min = "1",
            max = "3600")
    int retentionSeconds() default 10;

    @AttributeDefinition(
            name = "Clock doubt in hours",
            description = "A clock that moved by more than an hour, or is that far from what footage and the time lived"
                    + " through tell, makes no footage older until it has stood for this long; 0 believes any clock",
            min = "0",
            max = "720")
    int clockDoubtHours() default 24;

    @AttributeDefinition(
            name = "Hung after seconds",
            description =
                    "A volume that has not answered a write for so long is given up for its streams, which go on on"
                            + " another one. Without another they wait, and the rings keep what they can",
            min = "1",
            max = "60")
    int hungSeconds() default 5;

    @AttributeDefinition(
            name = "Moving in MiB per second",
            description = "How fast footage is moved between volumes, over all of them; read twice and written once",
            min = "1",
            max = "10000")
    int moveMebibytesPerSecond() default 20;

    @AttributeDefinition(
            name = "Copying to backups in MiB per second",
            description = "How fast footage is copied to backup volumes, over all of them; read three times and written"
                    + " once",
            min = "1",
            max = "10000")
    int backupMebibytesPerSecond() default 10;

    @AttributeDefinition(
            name = "Backup lag in minutes",
            description = "Footage that has waited longer for its copy makes the health part backups degraded",
            min = "1",
            max = "10080")
    int backupLagMinutes() default 60;
}
