// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.util.Set;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Refuses methods nobody serves before anything is matched: JAX-RS answers OPTIONS by itself, past the
 * guard. There is no CORS here; the console has the same origin.
 */
@PreMatching
final class MethodFilter implements ContainerRequestFilter {
    private static final Set<String> SERVED = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    @Override
    public void filter(ContainerRequestContext request) {
        if (!SERVED.contains(request.getMethod())) {
            throw Problem.of(
                            "method-not-allowed",
                            "Method not allowed",
                            405,
                            "This method is not served. Use GET, POST, PATCH or DELETE.")
                    .exception();
        }
    }
}
