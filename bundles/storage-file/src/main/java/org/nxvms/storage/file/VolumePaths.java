// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.nio.file.Path;

/** Checks the relative paths of the contract, so that no caller can leave the volume's folder. */
final class VolumePaths {
    private static final int PATH_CHARS_MAX = 512;
    private static final int SEGMENT_CHARS_MAX = 255;

    private VolumePaths() {}

    /**
     * {@return the file below {@code root} that {@code path} names}
     *
     * @throws IllegalArgumentException naming the path and the rule it breaks
     */
    static Path resolve(Path root, String path) {
        if (path.isEmpty() || path.length() > PATH_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "path \"" + shown(path) + "\" must have 1.." + PATH_CHARS_MAX + " characters");
        }
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            checkSegment(path, start, end);
            start = end + 1;
        }
        return root.resolve(path);
    }

    /** As {@link #resolve}; the empty path is the root. */
    static Path resolveFolder(Path root, String folder) {
        return folder.isEmpty() ? root : resolve(root, folder);
    }

    private static void checkSegment(String path, int start, int end) {
        int length = end - start;
        boolean dots = length > 0;
        for (int i = start; i < end; i++) {
            char c = path.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._-".indexOf(c) >= 0;
            if (!allowed) {
                throw new IllegalArgumentException(
                        "path \"" + shown(path) + "\" may only have A-Z a-z 0-9 . _ - and /");
            }
            dots &= c == '.';
        }
        if (length == 0 || length > SEGMENT_CHARS_MAX || dots) {
            throw new IllegalArgumentException("path \"" + shown(path)
                    + "\" has a segment that is empty, only dots, or longer than " + SEGMENT_CHARS_MAX);
        }
    }

    private static String shown(String path) {
        return path.length() <= 80 ? path : path.substring(0, 80) + "...";
    }
}
