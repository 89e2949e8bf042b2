// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.support;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A file of the support bundle; published as a service by who knows what stands in it. Called on the thread that writes the bundle,
 * may block for a second. It chooses what it tells: nothing that opens something, no name of a person, no text that somebody typed.
 */
@ConsumerType
public interface SupportPart {
    /** {@return name of the file without its ending: lower case letters and hyphens} */
    String name();

    /** {@return one line for people: what the file says} */
    String about();

    /**
     * {@return what it says, as an object of JSON: values are texts, numbers, booleans, lists and maps of those} Texts go through the
     * same sieve as lines of the log.
     *
     * @throws RuntimeException when it cannot be told now; the bundle then says so
     */
    Map<String, Object> facts();
}
