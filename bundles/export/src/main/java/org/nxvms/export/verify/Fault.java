// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import java.util.OptionalLong;

/**
 * Something that is not as it was exported, or why that cannot be told.
 *
 * @param file name within the package; empty when it concerns the package as a whole
 * @param fromByte first byte of the first range of the file that is wrong, where there is one
 * @param toByte the byte behind it
 * @param detail a sentence for people
 */
public record Fault(Kind kind, String file, OptionalLong fromByte, OptionalLong toByte, String detail) {
    /** What is wrong; more may follow. */
    public enum Kind {
        /** Bytes of a file are others. */
        ALTERED,
        /** A file is shorter or longer. */
        RESIZED,
        /** A file is not there. */
        MISSING,
        /** A file is there that was not exported. */
        ADDED,
        /** A file lies where another one was, or holds what belongs to another. */
        REORDERED,
        /** What holds the files together is damaged. */
        DAMAGED,
        /** There is no signature. */
        UNSIGNED,
        /** The signature is not one over this manifest. */
        SIGNATURE,
        /** The signature is right, and this server does not know the key. */
        UNKNOWN_KEY,
        /** It is another file: nothing of it was looked at. */
        NOT_A_PACKAGE,
        /** It is a ZIP that a password opens; a package may lie within. */
        LOCKED,
        /** Another program packed it: a package may lie within, or its files may. */
        REPACKED
    }

    static Fault of(Kind kind, String file, String detail) {
        return new Fault(kind, file, OptionalLong.empty(), OptionalLong.empty(), detail);
    }

    static Fault at(Kind kind, String file, long from, long to, String detail) {
        return new Fault(kind, file, OptionalLong.of(from), OptionalLong.of(to), detail);
    }
}
