// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The time by which what is kept grows old. Not the wall clock: one that is wrong for a moment, also over a restart, must not
 * make years of footage or events too old at once. Any thread; no I/O.
 */
@ProviderType
public interface AgeClock {
    /**
     * {@return microseconds since 1970; empty while nothing tells the time but the wall clock, e.g. as long as no volume was
     * read after a start: then nothing is too old}
     */
    OptionalLong nowUs();
}
