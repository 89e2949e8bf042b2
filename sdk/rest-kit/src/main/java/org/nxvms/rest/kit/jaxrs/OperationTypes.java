// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.ws.rs.Consumes;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;

/**
 * Which media types the operations of an application take and answer, for who sends or asks for another: JAX-RS says only that it
 * found no operation that fits. Immutable.
 */
final class OperationTypes {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^{}]*}");

    private final List<Operation> operations;

    /** @param literals characters of its path that are no parameter: of two that fit, JAX-RS takes the one with more */
    private record Operation(String method, Pattern path, int literals, Types types) {}

    /**
     * Of one operation.
     *
     * @param taken of bodies, empty for any or none
     * @param answered empty for any
     */
    record Types(List<String> taken, List<String> answered) {}

    private OperationTypes(List<Operation> operations) {
        this.operations = List.copyOf(operations);
    }

    /** @param resources each with {@code @Path} */
    static OperationTypes of(List<Object> resources) {
        List<Operation> all = new ArrayList<>();
        for (Object resource : resources) {
            Class<?> type = resource.getClass();
            String base = path(type.getAnnotation(Path.class));
            for (Method method : type.getMethods()) {
                String path = base + path(method.getAnnotation(Path.class));
                Types types = new Types(
                        taken(method.getAnnotation(Consumes.class), type.getAnnotation(Consumes.class)),
                        answered(method.getAnnotation(Produces.class), type.getAnnotation(Produces.class)));
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (verb != null) {
                        all.add(operation(verb.value(), path, types));
                    }
                }
            }
        }
        return new OperationTypes(all);
    }

    private static Operation operation(String verb, String path, Types types) {
        StringBuilder pattern = new StringBuilder();
        int literals = 0;
        for (String part : PARAMETER.split(path, -1)) {
            pattern.append(pattern.isEmpty() ? "" : "[^/]+").append(Pattern.quote(part));
            literals += part.length();
        }
        return new Operation(verb, Pattern.compile(pattern + "/?"), literals, types);
    }

    /** {@return the path with a slash before it and none behind} */
    private static String path(Path annotation) {
        String path = annotation == null ? "" : annotation.value().replaceAll("^/+|/+$", "");
        return path.isEmpty() ? "" : "/" + path;
    }

    private static List<String> taken(Consumes own, Consumes ofAll) {
        Consumes consumes = own == null ? ofAll : own;
        return consumes == null ? List.of() : List.of(consumes.value());
    }

    private static List<String> answered(Produces own, Produces ofAll) {
        Produces produces = own == null ? ofAll : own;
        return produces == null ? List.of() : List.of(produces.value());
    }

    /**
     * {@return the types of the operation at an address, empty when there is none}
     *
     * @param verb GET, POST and so on
     * @param path behind the base of the application
     */
    Optional<Types> at(String verb, String path) {
        String asked = path.startsWith("/") ? path : "/" + path;
        String served = verb.equals("HEAD") ? "GET" : verb;
        return operations.stream()
                .filter(operation -> operation.method().equals(served)
                        && operation.path().matcher(asked).matches())
                .max(Comparator.comparingInt(Operation::literals))
                .map(Operation::types);
    }
}
