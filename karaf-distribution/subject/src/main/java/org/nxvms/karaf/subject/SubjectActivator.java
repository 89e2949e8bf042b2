// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import java.security.AccessController;
import javax.security.auth.Subject;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/**
 * Started by Karaf's main class, which finds it by the header {@code Karaf-Activator} in this jar's manifest, with the
 * framework's own context and before any bundle: nothing that has to be mended is loaded earlier.
 */
public final class SubjectActivator implements BundleActivator {
    @Override
    public void start(BundleContext framework) {
        if (!theContextKnowsItsSubject()) {
            framework.registerService(WeavingHook.class, new SubjectWeaving(), null);
        }
    }

    @Override
    public void stop(BundleContext framework) {
        // The framework ends, and its services with it.
    }

    /** Asked of the method itself: versions, backports and {@code -Djava.security.manager} all have a say in it. */
    @SuppressWarnings("removal")
    static boolean theContextKnowsItsSubject() {
        try {
            Subject.getSubject(AccessController.getContext());
            return true;
        } catch (UnsupportedOperationException | LinkageError gone) {
            return false;
        }
    }
}
