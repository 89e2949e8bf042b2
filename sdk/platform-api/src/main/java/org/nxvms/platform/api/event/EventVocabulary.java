// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Kinds of a plugin, as a whiteboard service: lets users find and filter what the plugin publishes. A kind begins with
 * the plugin's own word ({@code acme.door_forced}); the words of {@link EventKinds#FAMILIES} are the server's.
 */
@ConsumerType
public interface EventVocabulary {
    /** {@return asked once, at registration; at most 200} */
    List<EventKindInfo> kinds();
}
