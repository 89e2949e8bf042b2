// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.util.Map;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;

/**
 * What an {@link Audited} method changed, told by the method. No secrets: the audit is read by others.
 *
 * @param subject what it was done to, e.g. {@code user/anna}
 * @param before values that were, by field
 * @param after values that are
 */
public record AuditFields(String subject, Map<String, String> before, Map<String, String> after) {
    private static final String ATTRIBUTE = AuditFields.class.getName();

    public AuditFields {
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /** Tells of the request at hand. */
    public void of(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    static Optional<AuditFields> told(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof AuditFields fields ? Optional.of(fields) : Optional.empty();
    }
}
