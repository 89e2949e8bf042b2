// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import org.nxvms.storage.spi.Volume;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One volume; a factory configuration {@code org.nxvms.storage.file~NAME}. */
@ObjectClassDefinition(
        name = "NXvms file volume",
        description = "A folder on a local or mounted file system for footage")
@interface VolumeConfig {
    @AttributeDefinition(
            name = "Name",
            description = "Unique on this server: 1..40 of a-z 0-9 _ -. Property " + Volume.PROPERTY_NAME)
    String nxvms_volume_name();

    @AttributeDefinition(name = "Folder", description = "Absolute path of the folder, usually a mount point")
    String path();

    @AttributeDefinition(
            name = "Reserve in bytes",
            description = "Free space that is never used for footage; -1 = the smaller of reservePercent and 2 GiB",
            min = "-1")
    long reserveBytes() default -1;

    @AttributeDefinition(
            name = "Reserve in percent",
            description = "Of the medium's size; used when reserveBytes is -1",
            min = "0",
            max = "90")
    int reservePercent() default 5;

    @AttributeDefinition(
            name = "Quota in bytes",
            description = "Footage on the volume is kept below this; -1 = no quota, the reserve alone limits it",
            min = "-1")
    long quotaBytes() default -1;

    @AttributeDefinition(
            name = "Weight",
            description =
                    "Share of footage beside other volumes: bytes per second in proportion to the weights; 0 = only"
                            + " streams that name this volume, and others when no other volume takes them",
            min = "0",
            max = "1000")
    int weight() default Volume.WEIGHT_DEFAULT;

    @AttributeDefinition(
            name = "Retired",
            description =
                    "New footage goes to other volumes while any takes it, and what is sealed here is moved to them")
    boolean retired() default false;

    @AttributeDefinition(
            name = "Encryption",
            description = "How new footage is written: none, or aes-256-gcm with a key from keys/footage of the data"
                    + " folder; what is there already stays as it is. Back up that folder before",
            options = {@Option(label = "None", value = "none"), @Option(label = "AES-256-GCM", value = "aes-256-gcm")})
    String encryption() default "none";

    @AttributeDefinition(
            name = "Role",
            description = "record: footage of cameras; backup: only copies, of cameras whose recording.backup names the"
                    + " volume",
            options = {@Option(label = "record", value = "record"), @Option(label = "backup", value = "backup")})
    String role() default "record";

    @AttributeDefinition(
            name = "Minimum of days",
            description = "Footage younger than this is removed for room only when nothing older is left on the volume;"
                    + " not above retentionDaysMax",
            min = "0",
            max = "3650")
    int retentionDaysMin() default 0;

    @AttributeDefinition(
            name = "Maximum of days",
            description = "Footage older than this leaves the volume; -1 = only its cameras limit it",
            min = "-1",
            max = "3650")
    int retentionDaysMax() default -1;

    @AttributeDefinition(
            name = "Create",
            description = "On first use: make the folder when it is missing, and use it when it is not empty. An"
                    + " initialised volume that is missing later is never made anew")
    boolean create() default false;
}
