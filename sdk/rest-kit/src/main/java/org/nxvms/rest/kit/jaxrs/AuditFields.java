// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final String NOTHING_DONE = ATTRIBUTE + ".nothingDone";
    private static final String BEGUN = ATTRIBUTE + ".begun";

    public AuditFields {
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /** {@return what is another than it was; a field that is on one side only is new, or was taken away} */
    public static AuditFields changed(String subject, Map<String, String> before, Map<String, String> after) {
        return new AuditFields(subject, without(before, after), without(after, before));
    }

    private static Map<String, String> without(Map<String, String> some, Map<String, String> same) {
        Map<String, String> left = new TreeMap<>(some);
        left.entrySet().removeAll(same.entrySet());
        return left;
    }

    /** Tells of the request at hand. */
    public void of(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Tells that the request at hand only asked what would be done: it is noted when it is refused. */
    public static void nothingDone(HttpServletRequest request) {
        request.setAttribute(NOTHING_DONE, true);
    }

    /**
     * Tells that what the request at hand wants may be done although it is answered with an error: something was told to do it, and
     * not heard of again. It is noted as done, with {@code outcome=unknown}: who reads of a refusal would take it for not done.
     */
    public static void begun(HttpServletRequest request) {
        request.setAttribute(BEGUN, true);
    }

    static boolean isBegun(HttpServletRequest request) {
        return request.getAttribute(BEGUN) != null;
    }

    static boolean isNothingDone(HttpServletRequest request) {
        return request.getAttribute(NOTHING_DONE) != null;
    }

    static Optional<AuditFields> told(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof AuditFields fields ? Optional.of(fields) : Optional.empty();
    }
}
