// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with a body, so that a caller learns all of it at once. Not thread-safe. */
public final class Fields {
    private final List<FieldError> errors = new ArrayList<>();

    /** Notes an error unless {@code ok}. */
    public Fields check(boolean ok, String field, String detail) {
        if (!ok) {
            errors.add(new FieldError(field, detail));
        }
        return this;
    }

    /** Notes an error unless the text is there and not blank; {@return the text, trimmed, or ""}. */
    public String text(Optional<String> value, String field, int lengthMax) {
        String text = value.map(String::strip).orElse("");
        check(!text.isEmpty(), field, "\"" + field + "\" is missing or blank. Give 1 to " + lengthMax + " characters.");
        check(
                text.length() <= lengthMax,
                field,
                "\"" + field + "\" has " + text.length() + " characters. Give at most " + lengthMax + ".");
        return text;
    }

    /** @throws ProblemException 422 {@code validation} when an error was noted */
    public void throwIfAny() {
        if (!errors.isEmpty()) {
            throw Problem.validation(errors).exception();
        }
    }
}
