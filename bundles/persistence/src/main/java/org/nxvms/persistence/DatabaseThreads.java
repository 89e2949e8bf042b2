// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Map;

/** Where the threads stand that write the embedded database, for the log. */
final class DatabaseThreads {
    private static final String PACKAGE = "org.h2.";
    private static final int FRAMES_MAX = 40;

    private DatabaseThreads() {}

    /** {@return the stacks of a thread and of all that are in the embedded database just now or belong to it} */
    static String stacks(Thread writer) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> one :
                Thread.getAllStackTraces().entrySet()) {
            if (one.getKey() == writer || isOfTheDatabase(one.getKey(), one.getValue())) {
                append(text, one.getKey(), one.getValue());
            }
        }
        return text.toString();
    }

    private static boolean isOfTheDatabase(Thread thread, StackTraceElement[] stack) {
        if (thread.getName().startsWith("H2-") || thread.getName().startsWith("MVStore ")) {
            return true;
        }
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(PACKAGE)) {
                return true;
            }
        }
        return false;
    }

    private static void append(StringBuilder text, Thread thread, StackTraceElement[] stack) {
        text.append("\n").append(thread.getName()).append(" ").append(thread.getState());
        for (int i = 0; i < Math.min(FRAMES_MAX, stack.length); i++) {
            text.append("\n\tat ").append(stack[i]);
        }
    }
}
