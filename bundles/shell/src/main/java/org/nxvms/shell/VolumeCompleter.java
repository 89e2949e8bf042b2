// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import java.util.Set;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.osgi.framework.BundleContext;

/** Completes names of volumes. */
@Service
public final class VolumeCompleter implements Completer {
    @Reference
    BundleContext context;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        names.getStrings()
                .addAll(new Services(context)
                        .find(VolumeAdmin.class)
                        .map(admin -> admin.volumes().keySet())
                        .orElse(Set.of()));
        return names.complete(session, line, candidates);
    }
}
