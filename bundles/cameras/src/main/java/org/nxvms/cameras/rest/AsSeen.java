// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.util.Optional;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * Whether something of a device is still as the caller saw it, asked in the conversation in which it is changed. What is thrown
 * in a conversation would be the driver's fault, so that the answer is carried out of it.
 */
final class AsSeen {
    private AsSeen() {}

    /**
     * {@return the refusal for who saw something else}
     *
     * @param ifMatch the caller's {@code If-Match}, or null
     * @param now the tag of what the device has now
     * @param what "The encoder"
     */
    static Optional<ProblemException> refusal(String ifMatch, String now, String what) {
        try {
            if (ifMatch != null) {
                Etags.requireMatch(ifMatch, now, what);
            }
            return Optional.empty();
        } catch (ProblemException stale) {
            return Optional.of(stale);
        }
    }
}
