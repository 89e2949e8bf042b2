// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.util.Objects;

/**
 * What is wrong with one field or parameter.
 *
 * @param field its JSON path, parameter or header name, e.g. {@code recording.retentionDaysMax}
 * @param detail a sentence: what is wrong and what to do
 */
public record FieldError(String field, String detail) {
    public FieldError {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(detail, "detail");
    }
}
