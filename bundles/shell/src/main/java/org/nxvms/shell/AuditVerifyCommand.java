// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.audit.AuditTrail;

/** {@code nxvms:audit-verify}. */
@Service
@Command(
        scope = "nxvms",
        name = "audit-verify",
        description = "Reads the whole audit of this server and says whether an entry was altered, removed or put in."
                + " Fails when one was. What is known, as after putting back an older database, is taken as known by"
                + " --acknowledge, which is an entry of the audit itself.")
public final class AuditVerifyCommand extends ServerCommand {
    @Option(
            name = "--acknowledge",
            description = "Takes what is wrong as known, and says why in the audit",
            valueToShowInHelp = "nothing")
    String why;

    @Override
    void run(Services services) throws Exception {
        AuditTrail trail = services.require(AuditTrail.class, "The audit");
        if (why != null) {
            if (why.isBlank()) {
                throw new CommandException("Say why: --acknowledge \"the database of Monday was put back\".");
            }
            trail.acknowledge(actor(), why);
        }
        AuditTrail.Verdict verdict = trail.verify();
        verdict.acknowledged().forEach(fault -> out().println("  " + fault + " (acknowledged)"));
        verdict.faults().forEach(fault -> out().println("  " + fault));
        verdict.others().forEach((server, count) -> out().println(
                        "  " + count + " entries of server " + server + " are verified there, not here"));
        if (!verdict.isWhole()) {
            throw new CommandException(
                    "The audit is not as it was written; " + verdict.entries() + " entries were read.");
        }
        out().println("The audit is whole" + (verdict.acknowledged().isEmpty() ? "" : " but for what is acknowledged")
                + ": " + verdict.entries() + " entries"
                + verdict.last()
                        .map(last -> ", the last of " + last.at() + " ("
                                + last.note().action() + ")")
                        .orElse(""));
    }
}
