// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.osgi.framework.Bundle;

/** Lays the child's own classes and what lies beside them, which this bundle carries, out in a folder, so that a plain JVM finds them. */
final class ChildClasses {
    private static final List<String> PACKAGES = List.of("org/nxvms/media/worker/child", "org/nxvms/media/worker/wire");

    private final Bundle bundle;
    private final Path folder;
    private boolean unpacked;

    ChildClasses(Bundle bundle, Path folder) {
        this.bundle = bundle;
        this.folder = folder;
    }

    /** Some forty small files, written when first asked for; anew by each bundle, as the folder outlives an update. */
    synchronized Path folder() throws IOException {
        if (!unpacked) {
            unpack();
            unpacked = true;
        }
        return folder;
    }

    private void unpack() throws IOException {
        for (String name : PACKAGES) {
            Path target = Files.createDirectories(folder.resolve(name));
            Enumeration<URL> entries = bundle.findEntries(name, "*", false);
            if (entries == null) {
                throw new IOException("the bundle " + bundle.getSymbolicName() + " lacks the package " + name);
            }
            for (URL entry : Collections.list(entries)) {
                String file = entry.getPath().substring(entry.getPath().lastIndexOf('/') + 1);
                if (file.isEmpty()) {
                    // A folder.
                    continue;
                }
                try (InputStream in = entry.openStream()) {
                    Files.copy(in, target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
