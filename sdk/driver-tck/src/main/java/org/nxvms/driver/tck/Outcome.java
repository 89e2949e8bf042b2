// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import java.util.Optional;
import org.nxvms.driver.tck.rule.Rule;

/**
 * What came of one rule.
 *
 * @param why what was seen instead, or why it was not tried; empty for a rule that is kept
 * @param seen what was thrown, for a rule that is broken
 */
public record Outcome(Rule rule, Result result, String why, Optional<Throwable> seen, long elapsedMs) {
    /** Words of the report. */
    public enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }
}
