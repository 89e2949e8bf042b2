// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.UserDirectory;
import org.osgi.framework.BundleContext;

/** Completes names of users. */
@Service
public final class UserCompleter implements Completer {
    @Reference
    BundleContext context;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        try {
            new Services(context)
                    .find(UserDirectory.class).map(UserDirectory::list).orElse(List.of()).stream()
                            .map(UserDirectory.User::username)
                            .forEach(names.getStrings()::add);
        } catch (StoreException e) {
            return -1;
        }
        return names.complete(session, line, candidates);
    }
}
