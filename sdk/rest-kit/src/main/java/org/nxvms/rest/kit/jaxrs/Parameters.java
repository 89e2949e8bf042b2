// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PathParam;
import javax.ws.rs.QueryParam;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.ext.ParamConverter;
import javax.ws.rs.ext.ParamConverterProvider;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Path, query and header parameters of type UUID, int, long, boolean and enum (lower case). What cannot
 * be read is 400 naming the parameter; in a path it is 404, for there is no such thing.
 */
final class Parameters implements ParamConverterProvider {
    @Override
    public <T> ParamConverter<T> getConverter(Class<T> type, Type genericType, Annotation[] annotations) {
        if (type == UUID.class) {
            return converter(annotations, "a UUID", text -> type.cast(UUID.fromString(text)));
        }
        if (type == int.class || type == Integer.class) {
            return converter(annotations, "a whole number", text -> boxed(Integer.valueOf(text)));
        }
        if (type == long.class || type == Long.class) {
            return converter(annotations, "a whole number", text -> boxed(Long.valueOf(text)));
        }
        if (type == boolean.class || type == Boolean.class) {
            return converter(annotations, "true or false", text -> boxed(truth(text)));
        }
        if (type.isEnum()) {
            T[] constants = type.getEnumConstants();
            String words = Arrays.stream(constants).map(Parameters::word).collect(Collectors.joining(", "));
            return converter(annotations, "one of " + words, text -> constant(constants, text));
        }
        return null;
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException();
        }
        return text.equals("true");
    }

    private static <T> T constant(T[] constants, String text) {
        for (T constant : constants) {
            if (word(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException();
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("unchecked")
    private static <T> T boxed(Object value) {
        // Class.cast refuses boxes for primitive types.
        return (T) value;
    }

    private static <T> ParamConverter<T> converter(Annotation[] annotations, String kind, Function<String, T> parse) {
        return new ParamConverter<>() {
            @Override
            public T fromString(String text) {
                try {
                    return text == null ? null : parse.apply(text);
                } catch (IllegalArgumentException e) {
                    throw refusal(annotations, kind, e);
                }
            }

            @Override
            public String toString(T value) {
                return value instanceof Enum<?> ? word(value) : String.valueOf(value);
            }
        };
    }

    /** A WebApplicationException, because JAX-RS replaces every other kind thrown by a converter. */
    private static WebApplicationException refusal(Annotation[] annotations, String kind, Exception cause) {
        for (Annotation annotation : annotations) {
            if (annotation instanceof PathParam path) {
                return wrap(
                        Problem.notFound(
                                "There is nothing here: {" + path.value() + "} in the path must be " + kind + "."),
                        cause);
            }
            if (annotation instanceof QueryParam query) {
                return malformed(query.value(), kind, cause);
            }
            if (annotation instanceof HeaderParam header) {
                return malformed(header.value(), kind, cause);
            }
        }
        return malformed("parameter", kind, cause);
    }

    private static WebApplicationException malformed(String name, String kind, Exception cause) {
        return wrap(Problem.malformed(name, "\"" + name + "\" must be " + kind + "."), cause);
    }

    private static WebApplicationException wrap(Problem problem, Exception cause) {
        return new WebApplicationException(problem.detail(), cause, Problems.response(problem));
    }
}
