// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import org.nxvms.rest.kit.json.ProblemJson;
import org.nxvms.rest.kit.problem.Problem;

/** Problems as JAX-RS answers. */
public final class Problems {
    private Problems() {}

    public static Response response(Problem problem) {
        Response.ResponseBuilder builder =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(ProblemJson.bytes(problem));
        if (problem.status() == 401) {
            builder.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"nxvms\"");
        }
        problem.retryAfterSeconds().ifPresent(seconds -> builder.header(HttpHeaders.RETRY_AFTER, seconds));
        return builder.build();
    }
}
