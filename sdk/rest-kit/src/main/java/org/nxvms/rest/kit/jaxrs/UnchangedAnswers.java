// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import javax.ws.rs.HttpMethod;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import org.nxvms.rest.kit.problem.Etags;

/** What a caller has already is not sent again: 304 when {@code If-None-Match} names the answer's ETag (RFC 9110 13.1.2). */
final class UnchangedAnswers implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String etag = response.getHeaderString(HttpHeaders.ETAG);
        if (HttpMethod.GET.equals(request.getMethod())
                && response.getStatus() == Response.Status.OK.getStatusCode()
                && etag != null
                && Etags.names(request.getHeaderString(HttpHeaders.IF_NONE_MATCH), etag)) {
            response.setEntity(null);
            response.setStatusInfo(Response.Status.NOT_MODIFIED);
        }
    }
}
