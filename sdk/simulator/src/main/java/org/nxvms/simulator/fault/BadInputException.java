// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

/** What someone typed cannot be used: which field, why, and what to give instead. */
public final class BadInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;
    private final String reason;
    private final String remedy;

    public BadInputException(String field, String reason, String remedy) {
        super(field + ": " + reason + "; " + remedy);
        this.field = field;
        this.reason = reason;
        this.remedy = remedy;
    }

    public String field() {
        return field;
    }

    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }

    /** {@return the same for a field that is inside another: {@code steps[2].value}} */
    public BadInputException within(String outer) {
        return new BadInputException(outer + "." + field, reason, remedy);
    }
}
