// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/** Exchanges the calls in Karaf's classes as they are loaded. Called on the loading thread, for each class of each bundle. */
final class SubjectWeaving implements WeavingHook {
    /** All that call {@code Subject.getSubject} in Karaf 4.4; several bundles have a copy of the first. */
    static final Set<String> CLASSES = Set.of(
            "org.apache.karaf.util.jaas.JaasHelper",
            "org.apache.karaf.shell.support.ShellUtil",
            "org.apache.karaf.shell.impl.console.osgi.secured.SecuredSessionFactoryImpl",
            "org.apache.karaf.jaas.command.WhoamiCommand",
            "org.apache.felix.eventadmin.impl.handler.EventAdminImpl");

    private static final Logger LOG = Logger.getLogger(SubjectWeaving.class.getName());

    @Override
    public void weave(WovenClass woven) {
        if (!CLASSES.contains(woven.getClassName())) {
            return;
        }
        try {
            woven.setBytes(SubjectCalls.exchangedIn(woven.getBytes()));
        } catch (RuntimeException unknownFormat) {
            // The class is then loaded as it is: the shell refuses to work, and nothing else suffers.
            LOG.log(
                    Level.WARNING,
                    unknownFormat,
                    () -> woven.getClassName() + " could not be made fit for Java "
                            + Runtime.version().feature() + ": the shell will not work; use Java 17 or 21");
        }
    }
}
