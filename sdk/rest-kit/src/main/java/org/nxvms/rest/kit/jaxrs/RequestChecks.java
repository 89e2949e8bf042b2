// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.UriInfo;
import org.nxvms.rest.kit.problem.Problem;

/** Refuses query parameters that the resource method does not know, those given twice, and conditions it does not look at. */
final class RequestChecks {
    private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();
    private final Map<Method, Boolean> conditional = new ConcurrentHashMap<>();

    void check(Method method, UriInfo uri) {
        Set<String> names = known.computeIfAbsent(method, RequestChecks::names);
        uri.getQueryParameters().forEach((name, values) -> {
            if (!names.contains(name)) {
                if (names.contains(Query.ANY)) {
                    return;
                }
                String known = names.isEmpty() ? "There are none." : "Known are: " + String.join(", ", names) + ".";
                throw Problem.malformed(name, "\"" + name + "\" is not a query parameter here. " + known)
                        .exception();
            }
            if (values.size() > 1) {
                throw Problem.malformed(name, "\"" + name + "\" stands twice. Give it once.")
                        .exception();
            }
        });
    }

    /** A condition that nobody looks at would let a change pass that its caller has excluded. */
    void checkCondition(Method method, String ifMatch) {
        if (ifMatch != null && !conditional.computeIfAbsent(method, RequestChecks::isConditional)) {
            throw Problem.malformed(
                            HttpHeaders.IF_MATCH,
                            "\"If-Match\" is not looked at here: there is no ETag of this. Leave it out.")
                    .exception();
        }
    }

    private static boolean isConditional(Method method) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(HeaderParam.class))
                .anyMatch(header -> header != null && header.value().equalsIgnoreCase(HttpHeaders.IF_MATCH));
    }

    private static Set<String> names(Method method) {
        Set<String> names = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            if (query != null) {
                names.add(query.value());
            }
        }
        Query more = method.getAnnotation(Query.class);
        if (more != null) {
            names.addAll(Set.of(more.value()));
        }
        return names;
    }
}
