// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

/** Nothing more can be filled now; what was stays. */
final class FillFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** @param passing whether it may work in a while */
    FillFailedException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    FillFailedException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    boolean isPassing() {
        return passing;
    }
}
