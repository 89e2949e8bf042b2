// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import java.security.AccessControlContext;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.auth.SubjectDomainCombiner;

/**
 * What {@code Subject.getSubject} and {@code AccessController.doPrivileged} meant together until Java 22: an action runs as
 * the subject of its context, and so does every thread that is made meanwhile. The second half is why {@code
 * Subject.current()} does not do: the shell runs each command in a thread of a pool, which does not inherit from {@code
 * Subject.callAs}.
 *
 * <p>Called by Karaf's classes only, in the place of the methods of the same name (see {@link SubjectCalls}), on any thread.
 */
@SuppressWarnings("removal")
public final class InheritedSubject {
    private static final ThreadLocal<Subject> CURRENT = new InheritableThreadLocal<>();

    private InheritedSubject() {}

    /**
     * In the place of {@code Subject.getSubject}.
     *
     * @param current the calling thread's context, which knows no subject any more
     * @return the subject as which this thread runs, or {@code null} as there
     */
    public static Subject getSubject(AccessControlContext current) {
        return CURRENT.get();
    }

    /** In the place of {@code AccessController.doPrivileged}: runs the action as the context's subject, or as nobody. */
    public static <T> T doPrivileged(PrivilegedAction<T> action, AccessControlContext context) {
        Subject before = CURRENT.get();
        become(subjectOf(context));
        try {
            return action.run();
        } finally {
            become(before);
        }
    }

    /** As {@link #doPrivileged(PrivilegedAction, AccessControlContext)}; a checked exception comes wrapped, as there. */
    public static <T> T doPrivileged(PrivilegedExceptionAction<T> action, AccessControlContext context)
            throws PrivilegedActionException {
        Subject before = CURRENT.get();
        become(subjectOf(context));
        try {
            return action.run();
        } catch (RuntimeException unchecked) {
            throw unchecked;
        } catch (Exception checked) {
            throw new PrivilegedActionException(checked);
        } finally {
            become(before);
        }
    }

    private static void become(Subject subject) {
        if (subject == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(subject);
        }
    }

    private static Subject subjectOf(AccessControlContext context) {
        return context != null && context.getDomainCombiner() instanceof SubjectDomainCombiner combiner
                ? combiner.getSubject()
                : null;
    }
}
