// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.osgi.framework.BundleContext;

/** Completes ids of locks. */
@Service
public final class LockCompleter implements Completer {
    @Reference
    BundleContext context;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter ids = new StringsCompleter();
        new Services(context)
                .find(EvidenceLocks.class).map(EvidenceLocks::locks).orElse(List.of()).stream()
                        .map(lock -> lock.id().toString())
                        .forEach(ids.getStrings()::add);
        return ids.complete(session, line, candidates);
    }
}
