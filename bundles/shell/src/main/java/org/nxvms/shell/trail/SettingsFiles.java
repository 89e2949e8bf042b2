// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Dictionary;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;

/** In which file settings stand. */
final class SettingsFiles {
    private static final String FILE = "felix.fileinstall.filename";
    private static final String SUFFIX = ".cfg";

    private final BundleContext context;

    SettingsFiles(BundleContext context) {
        this.context = context;
    }

    /** {@return its name without the ending; of settings that are gone, or were never in one, as it would be called} */
    String of(ConfigurationEvent event) {
        // As Felix File Install parts the name of a file into a factory and one of its kind.
        String usual = event.getPid().replace('~', '-');
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            return usual;
        }
        ConfigurationAdmin admin = context.getService(event.getReference());
        try {
            Configuration configuration = admin == null ? null : admin.getConfiguration(event.getPid(), "?");
            Dictionary<String, Object> properties = configuration == null ? null : configuration.getProperties();
            return properties == null || !(properties.get(FILE) instanceof String file) ? usual : name(file, usual);
        } catch (IOException | IllegalStateException gone) {
            return usual;
        } finally {
            context.ungetService(event.getReference());
        }
    }

    private static String name(String file, String usual) {
        try {
            String name =
                    String.valueOf(Path.of(file.replaceFirst("^file:", "")).getFileName());
            return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : usual;
        } catch (InvalidPathException odd) {
            return usual;
        }
    }
}
