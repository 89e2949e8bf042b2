// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

/** Services that are away for a moment, e.g. while their bundle is being replaced. */
public final class Absent {
    private Absent() {}

    /**
     * @param service a dynamic reference, read once
     * @param what the capability in words, e.g. {@code "The camera registry"}
     * @throws ProblemException 503 {@code unavailable} with {@code Retry-After: 1} when it is null
     */
    public static <T> T require(T service, String what) {
        if (service == null) {
            throw Problem.unavailable(what + " is starting or being replaced. Try again in a second.", 1)
                    .exception();
        }
        return service;
    }
}
