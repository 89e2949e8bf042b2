// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.archive.ArchiveMaintenance;

/** How checking and rebuilding the archive show themselves. */
final class MaintenanceOutput {
    private static final int LINE_EVERY_S = 2;

    private MaintenanceOutput() {}

    static ArchiveMaintenance.Report run(
            ArchiveMaintenance archive, Function<ArchiveMaintenance, ArchiveMaintenance.Report> operation)
            throws CommandException {
        try {
            return operation.apply(archive);
        } catch (IllegalStateException e) {
            throw new CommandException(
                    e.getMessage() == null ? "A check or rebuild runs already; wait until it ends." : e.getMessage(),
                    e);
        }
    }

    /** {@return a consumer that prints a line every two seconds} */
    static Consumer<ArchiveMaintenance.Progress> progress() {
        return new Consumer<>() {
            private long lastNs = System.nanoTime();

            @Override
            public void accept(ArchiveMaintenance.Progress progress) {
                long now = System.nanoTime();
                if (now - lastNs >= TimeUnit.SECONDS.toNanos(LINE_EVERY_S)) {
                    lastNs = now;
                    ServerCommand.out()
                            .println("volume " + progress.volume() + ": " + progress.chunks() + " chunks seen, "
                                    + progress.problems() + " problems");
                }
            }
        };
    }

    static void print(ArchiveMaintenance.Report report) {
        ServerCommand.out()
                .println(
                        report.chunks() + " chunks, " + report.bytes() / 1_000_000 + " MB, " + report.gaps() + " gaps");
        for (ArchiveMaintenance.VolumeChunks one : report.volumes()) {
            ServerCommand.out()
                    .println("volume " + one.volume() + ": " + one.encrypted() + " chunks encrypted, " + one.clear()
                            + " in the clear");
        }
        if (report.passedBy() > 0) {
            ServerCommand.out()
                    .println(report.passedBy() + " chunks were not looked at, since they are being written, moved or"
                            + " copied; ask again later");
        }
        if (report.sound()) {
            ServerCommand.out().println("Volumes and index agree");
            return;
        }
        ShellTable table = new ShellTable();
        table.column("Problem");
        table.column("How many").alignRight();
        for (Map.Entry<String, Long> problem : new TreeMap<>(report.problems()).entrySet()) {
            table.addRow().addContent(problem.getKey(), problem.getValue());
        }
        table.print(ServerCommand.out());
        report.examples().forEach(example -> ServerCommand.out().println("  " + example));
    }
}
