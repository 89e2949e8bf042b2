// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.plugin.PluginSource;

/** What people type for a plugin's file: a URL, or an absolute path on the server. */
final class PluginSources {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private PluginSources() {}

    static PluginSource of(String typed) throws CommandException {
        if (SCHEME.matcher(typed).matches()) {
            return PluginSource.at(typed);
        }
        Path path = Path.of(typed);
        if (!path.isAbsolute()) {
            throw new CommandException(
                    "\"" + typed + "\" is neither a URL nor an absolute path. The server does not know"
                            + " your working folder: give the path in full.");
        }
        return PluginSource.at(path.toUri().toString());
    }
}
