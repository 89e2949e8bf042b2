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
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.osgi.framework.BundleContext;

/** Completes names of cameras, and ids for names that need quotes. */
@Service
public final class CameraCompleter implements Completer {
    @Reference
    BundleContext context;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter names = new StringsCompleter();
        try {
            new Services(context)
                    .find(CameraRegistry.class).map(CameraRegistry::list).orElse(List.of()).stream()
                            .map(CameraCompleter::word)
                            .forEach(names.getStrings()::add);
        } catch (StoreException e) {
            // Not read from the database yet: nothing to complete.
            return -1;
        }
        return names.complete(session, line, candidates);
    }

    private static String word(Camera camera) {
        return camera.name().matches("[A-Za-z0-9._-]+")
                ? camera.name()
                : camera.id().toString();
    }
}
