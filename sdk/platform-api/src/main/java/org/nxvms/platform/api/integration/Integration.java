// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.integration;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Carries events to other systems; a whiteboard service that comes and goes while the server runs. Any thread. */
@ConsumerType
public interface Integration {
    /** {@return short name, lower case with hyphens, e.g. {@code webhook}; the same over versions} */
    String name();

    /** {@return its connections, by name; from memory} */
    List<Connection> connections();
}
