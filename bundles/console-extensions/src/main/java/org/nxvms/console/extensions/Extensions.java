// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import java.util.Optional;
import org.nxvms.console.extensions.found.Extension;
import org.nxvms.console.extensions.found.Shelf;

/** What is shown now, for what answers browsers. Any thread, from memory. */
public interface Extensions {
    /** {@return what is shown and what is not} */
    Shelf shelf();

    /** {@return the extension whose files have this address} */
    default Optional<Extension> at(String bundle, String hash) {
        return shelf().shown().stream()
                .filter(one -> one.bundle().equals(bundle) && one.files().hash().equals(hash))
                .findFirst();
    }
}
