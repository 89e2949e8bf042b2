// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.health.HealthCheck;

/**
 * Why copying or moving does not go on.
 *
 * @param text a sentence in English with what to do; empty when it goes on
 * @param finding the same in a code
 */
record Trouble(String text, Optional<HealthCheck.Finding> finding) {
    static final Trouble NONE = new Trouble("", Optional.empty());

    /** A backup volume takes nothing. */
    static Trouble refused(String why) {
        return of("backup_refuses", Map.of(), why);
    }

    /** What a copy that was broken off left behind is in the way. */
    static Trouble unreadable(String path, String why) {
        return of(
                "copy_unreadable",
                Map.of("path", path),
                path + " cannot be read or removed: " + why + "; check the disk");
    }

    static Trouble copyWithoutRoom(long bytes) {
        return of(
                "copy_without_room",
                Map.of("bytes", bytes),
                "there is no room for a chunk of " + bytes + " bytes; raise its quota");
    }

    static Trouble copiesFailed(int count, String why) {
        return of(
                "copies_failed", count, chunks(count) + " could not be copied, which is tried again; the last: " + why);
    }

    static Trouble inTheClear(int count) {
        return of(
                "copies_in_the_clear",
                count,
                chunks(count)
                        + (count == 1 ? " is in the clear and has" : " are in the clear and have")
                        + " no copy, since this volume is encrypted; encrypt the volumes they are recorded on, or name"
                        + " a backup volume without encryption");
    }

    static Trouble movesFailed(int count, String why) {
        return of("moves_failed", count, chunks(count) + " could not be moved, which is tried again; the last: " + why);
    }

    static Trouble moveWithoutRoom() {
        return of(
                "move_without_room", Map.of(), "no other volume has room for what is left; add one, or raise a quota");
    }

    /** Files that no row speaks of. */
    static Trouble filesLeft(long count) {
        return of(
                "move_leaves_files",
                count,
                count
                        + (count == 1 ? " file is left that has" : " files are left that have")
                        + " no row here; archive-check says which and why");
    }

    private static Trouble of(String code, long count, String text) {
        return of(code, Map.of("count", count), text);
    }

    private static Trouble of(String code, Map<String, Object> parameters, String text) {
        return new Trouble(text, Optional.of(new HealthCheck.Finding(code, parameters)));
    }

    /** "1 chunk", "2 chunks". */
    static String chunks(long count) {
        return count + (count == 1 ? " chunk" : " chunks");
    }

    boolean isNone() {
        return text.isEmpty();
    }
}
