// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.burn.Encoders;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.PairedSha256;

/**
 * What a package is made from.
 *
 * @param archive the footage
 * @param serverName for people
 * @param software name and version
 * @param cameraName a camera's name now, empty when it is not known
 * @param sign the server's statement about a payload, empty while it cannot be signed
 * @param keyPem the public keys
 * @param hashing hashes a file and its pieces at once, empty where it is not there
 * @param encoders who encodes pictures anew
 */
record Sources(
        Archive archive,
        UUID serverId,
        String serverName,
        String software,
        Named cameraName,
        Signing sign,
        Keys keyPem,
        Optional<PairedSha256> hashing,
        Encoders encoders) {
    @FunctionalInterface
    interface Named {
        Optional<String> of(UUID cameraId);
    }

    @FunctionalInterface
    interface Signing {
        Optional<String> of(byte[] payload);
    }

    @FunctionalInterface
    interface Keys {
        /** {@return PEM by id} */
        Map<String, String> byId() throws IOException;
    }
}
