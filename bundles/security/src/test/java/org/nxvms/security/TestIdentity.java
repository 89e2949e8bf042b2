// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.nio.file.Path;
import java.util.UUID;
import org.nxvms.platform.api.ServerIdentity;

/** A server on a folder of the test. */
public record TestIdentity(UUID serverId, Path dataFolder) implements ServerIdentity {
    public TestIdentity(Path dataFolder) {
        this(new UUID(1, 1), dataFolder);
    }

    @Override
    public String name() {
        return "test";
    }
}
