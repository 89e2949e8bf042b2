// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;

/** An audit that is a list. Any thread. */
public final class NotedTrail implements AuditTrail {
    /** What was told, also of what is told often. */
    public final List<AuditNote> notes = new CopyOnWriteArrayList<>();

    /** What was told to be done often. */
    public final List<AuditNote> often = new CopyOnWriteArrayList<>();

    @Override
    public void note(AuditNote note) {
        notes.add(note);
    }

    @Override
    public void noteOften(AuditNote note) {
        often.add(note);
        notes.add(note);
    }

    /** {@return the newest note of an action} */
    public AuditNote last(String action) {
        return notes.stream()
                .filter(note -> note.action().equals(action))
                .reduce((before, after) -> after)
                .orElseThrow(() -> new AssertionError("nothing was noted of " + action + ": " + notes));
    }

    @Override
    public boolean flush() {
        return true;
    }

    @Override
    public Verdict verify() {
        throw new AssertionError("this trail only notes; ask it for its notes");
    }

    @Override
    public List<String> acknowledge(AuditNote.Actor who, String why) {
        throw new AssertionError("this trail only notes; ask it for its notes");
    }
}
