// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.UUID;

/**
 * A volume as administrators see it. Sizes in bytes, -1 when unknown.
 *
 * @param status name of the volume's status, lower case with underscores
 * @param detail why, and what to do; empty when ready
 * @param footageBytes bytes of sealed segments on it
 * @param segments number of sealed segments on it
 * @param encryption how new footage is written on it
 * @param encryptionTrouble what is wrong with that, whether the volume takes no footage meanwhile, and what to do; else
 *     empty
 * @param backup whether only copies come to it
 */
public record VolumeUsage(
        UUID id,
        String name,
        String kind,
        String location,
        String status,
        String detail,
        long totalBytes,
        long usableBytes,
        long reserveBytes,
        long footageBytes,
        long segments,
        FootageEncryption encryption,
        String encryptionTrouble,
        boolean backup) {
    /** A volume that encrypts nothing. */
    public VolumeUsage(
            UUID id,
            String name,
            String kind,
            String location,
            String status,
            String detail,
            long totalBytes,
            long usableBytes,
            long reserveBytes,
            long footageBytes,
            long segments) {
        this(
                id,
                name,
                kind,
                location,
                status,
                detail,
                totalBytes,
                usableBytes,
                reserveBytes,
                footageBytes,
                segments,
                FootageEncryption.NONE,
                "",
                false);
    }
}
