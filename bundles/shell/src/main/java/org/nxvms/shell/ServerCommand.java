// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.PrintStream;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.NoSuchElementException;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.shell.login.ShellActor;
import org.osgi.framework.BundleContext;

/** Base of all commands: services, output, and failures as one sentence instead of a stack trace. */
abstract class ServerCommand implements Action {
    @Reference
    BundleContext context;

    @Reference
    Session session;

    /** Does the command's work. An exception ends the command with a non-zero status. */
    abstract void run(Services services) throws Exception;

    @Override
    public final Object execute() throws Exception {
        try {
            run(new Services(context));
            return null;
        } catch (InvalidCameraException e) {
            StringBuilder text = new StringBuilder("The configuration cannot work:");
            e.fields().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(field -> text.append(System.lineSeparator())
                            .append("  ")
                            .append(field.getKey())
                            .append(": ")
                            .append(field.getValue()));
            throw new CommandException(text.toString(), e);
        } catch (DriverException
                | StoreException
                | IllegalArgumentException
                | NoSuchElementException
                | ConcurrentModificationException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** {@return who typed it: a user who signed in at the shell; of who has the machine's key only that} */
    final AuditNote.Actor actor() {
        return ShellActor.of(session.get(Subject.class.getName()));
    }

    /** Notes in the audit what was done here. */
    final void note(Services services, String action, String subject, Map<String, String> after) {
        services.find(AuditTrail.class)
                .ifPresent(trail -> trail.note(new AuditNote(action, true, actor(), subject, Map.of(), after)));
    }

    /** {@return where to print: the thread's own standard output, so that pipes work} */
    static PrintStream out() {
        return System.out;
    }
}
