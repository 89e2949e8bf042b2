// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.audit.AuditNote;
import org.osgi.service.cm.ConfigurationEvent;

/**
 * Who changed settings by the shell. Told of each change on the thread that makes it, while its line is being done; the file
 * is written, and seen to be another, a moment later. Any thread.
 */
final class SettingsHands {
    /** Until a file is written and the folder has been quiet, on a machine that is busy. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int KEPT_MAX = 64;

    private record Change(String file, AuditNote.Actor who, long nanos) {}

    private final Deque<Change> changes = new ArrayDeque<>();
    private final Function<ConfigurationEvent, String> files;
    private final LongSupplier nanos;

    /** @param files name of the file in which the settings stand that an event is about, without its ending */
    SettingsHands(Function<ConfigurationEvent, String> files, LongSupplier nanos) {
        this.files = files;
        this.nanos = nanos;
    }

    /** @param busy who changes settings at the shell now */
    void changed(ConfigurationEvent event, List<AuditNote.Actor> busy) {
        boolean told =
                event.getType() == ConfigurationEvent.CM_UPDATED || event.getType() == ConfigurationEvent.CM_DELETED;
        // What comes from a file, or is done by a part of the server, happens beside the line.
        if (told && busy.size() == 1 && !Hands.isFolder() && !Hands.isServer()) {
            Change change = new Change(files.apply(event), busy.get(0), nanos.getAsLong());
            synchronized (changes) {
                changes.removeIf(old -> old.file().equals(change.file()));
                changes.addLast(change);
                if (changes.size() > KEPT_MAX) {
                    changes.removeFirst();
                }
            }
        }
    }

    Optional<AuditNote.Actor> take(String file) {
        synchronized (changes) {
            changes.removeIf(old -> nanos.getAsLong() - old.nanos() > KEPT_NANOS);
            for (Iterator<Change> all = changes.iterator(); all.hasNext(); ) {
                Change change = all.next();
                if (change.file().equals(file)) {
                    all.remove();
                    return Optional.of(change.who());
                }
            }
            return Optional.empty();
        }
    }
}
