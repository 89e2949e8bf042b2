// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that open encrypted footage. They lie in files outside every volume, and whoever backs up footage needs a copy
 * of them elsewhere. The keys themselves are shown to nobody. Any thread; blocks on the system disk.
 */
@ProviderType
public interface FootageKeys {
    /** {@return all keys that are there, oldest first; empty until a volume is to be encrypted} */
    List<Key> keys() throws IOException;

    /**
     * Makes a new key for what is begun from now on. What was written before stays readable with its own key.
     *
     * @return the new one
     */
    Key rotate() throws IOException;

    /**
     * The key of a single segment, derived from the key it names: it opens that segment and no other. Whoever gets the
     * segment as it is served and this key can encrypt it again, and so check it against hash chain and signature.
     *
     * @return 32 bytes, to be kept as secret as the footage itself
     * @throws java.nio.file.NoSuchFileException when there is no such segment
     * @throws FootageKeyMissingException when the key it names is not here
     * @throws IllegalArgumentException when the segment is not encrypted
     */
    byte[] segmentKey(UUID segmentId) throws IOException;

    /**
     * A key.
     *
     * @param id 32 lower-case hex digits, derived from the key; each encrypted segment names its own
     * @param created when it was made
     * @param current whether segments that begin now are encrypted with it
     */
    record Key(String id, Instant created, boolean current) {}
}
