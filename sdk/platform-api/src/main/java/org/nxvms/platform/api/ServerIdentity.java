// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api;

import java.nio.file.Path;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Who this server is; written once into the data folder. A service, present from early start. */
@ProviderType
public interface ServerIdentity {
    /** {@return constant over restarts; stands on each row, chunk and event} */
    UUID serverId();

    /** {@return name shown to people, by configuration, default the host name} */
    String name();

    /** {@return the data folder ({@code NXVMS_DATA})} */
    Path dataFolder();
}
