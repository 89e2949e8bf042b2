// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.osgi.framework.BundleContext;

/** Completes names of plugins. */
@Service
public final class PluginCompleter implements Completer {
    @Reference
    BundleContext context;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        new Services(context)
                .find(PluginAdmin.class)
                .ifPresent(admin -> admin.plugins().stream().map(Plugin::name).forEach(names.getStrings()::add));
        return names.complete(session, line, candidates);
    }
}
