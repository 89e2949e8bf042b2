// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nxvms.rest.kit.problem.Problem;

/** The bytes of a problem. */
public final class ProblemJson {
    private ProblemJson() {}

    public static byte[] bytes(Problem problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", problem.type());
        body.put("title", problem.title());
        body.put("status", problem.status());
        body.put("detail", problem.detail());
        problem.instance().ifPresent(instance -> body.put("instance", instance));
        if (!problem.errors().isEmpty()) {
            body.put("errors", problem.errors());
        }
        try {
            return Json.mapper().writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            // Strings and numbers only: cannot happen, and must not hide the problem if it does.
            return ("{\"type\":\"" + problem.type() + "\",\"status\":" + problem.status() + "}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
