// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import com.fasterxml.jackson.core.JsonProcessingException;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Etags;

/** Answers with an ETag; {@code If-None-Match} is looked at by {@link UnchangedAnswers}. */
public final class Tagged {
    private Tagged() {}

    /** {@return the tag of what has no version: the same for the same JSON} */
    public static String tag(Object view) {
        try {
            return Etags.of(Json.mapper().writeValueAsBytes(view));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a view cannot be written: " + e.getMessage(), e);
        }
    }

    /** {@return 200 with a view and its tag} */
    public static Response ok(Object view) {
        return ok(view, tag(view));
    }

    /** {@return 200 with a view and the tag of what of it can be changed} */
    public static Response ok(Object view, String etag) {
        return Response.ok(view).header(HttpHeaders.ETAG, etag).build();
    }
}
