// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.util.Arrays;
import java.util.Optional;
import org.nxvms.platform.api.audit.AuditNote;

/** Who may have done what is no command of somebody. */
final class Hands {
    static final AuditNote.Actor SYSTEM = named("system", "system");
    static final AuditNote.Actor DEPLOY_FOLDER = named("deploy folder", "file");
    /** One of several who type at the same moment. */
    static final AuditNote.Actor SOMEBODY = named("shell", "shell");

    /** In the names of threads that look after a folder, and of the one that begins with it when it is configured. */
    private static final String FILES = "fileinstall";

    private static final String FEATURES = "org.apache.karaf.features.";

    private Hands() {}

    private static AuditNote.Actor named(String name, String address) {
        return new AuditNote.Actor(Optional.empty(), name, Optional.empty(), address);
    }

    /** {@return whether this thread does what was laid into a folder} */
    static boolean isFolder() {
        return isOfFolder(Thread.currentThread());
    }

    /** {@return whether this thread is one of the server's own} */
    static boolean isServer() {
        return Thread.currentThread().getName().startsWith("nxvms-");
    }

    /** {@return whether features are brought for a folder now} They come on a thread of their own, and that of the folder waits. */
    static boolean isFolderWaiting() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 64];
        int count = all.enumerate(threads, true);
        return Arrays.stream(threads, 0, count).filter(Hands::isOfFolder).anyMatch(thread -> Arrays.stream(
                        thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(FEATURES)));
    }

    private static boolean isOfFolder(Thread thread) {
        return thread.getName().contains(FILES);
    }
}
