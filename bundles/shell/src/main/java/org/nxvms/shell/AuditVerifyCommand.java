// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.audit.AuditTrail;

/** {@code nxvms:audit-verify}. */
@Service
@Command(
        scope = "nxvms",
        name = "audit-verify",
        description = "Reads the whole audit of this server and says whether an entry was altered, removed or put in."
                + " Fails when one was.")
public final class AuditVerifyCommand extends ServerCommand {
    @Override
    void run(Services services) throws Exception {
        AuditTrail.Verdict verdict =
                services.require(AuditTrail.class, "The audit").verify();
        verdict.faults().forEach(fault -> out().println("  " + fault));
        verdict.others().forEach((server, count) -> out().println(
                        "  " + count + " entries of server " + server + " are verified there, not here"));
        if (!verdict.isWhole()) {
            throw new CommandException(
                    "The audit is not as it was written; " + verdict.entries() + " entries were read.");
        }
        out().println("The audit is whole: " + verdict.entries() + " entries"
                + verdict.last()
                        .map(last -> ", the last of " + last.at() + " ("
                                + last.note().action() + ")")
                        .orElse(""));
    }
}
