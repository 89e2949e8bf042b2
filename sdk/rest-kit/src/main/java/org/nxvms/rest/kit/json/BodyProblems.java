// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Says in a caller's words what is wrong with a JSON body. Shows no class names and no values. */
final class BodyProblems {
    private BodyProblems() {}

    static ProblemException of(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
        }
        return new ProblemException(problem(e), e);
    }

    /** Faults of reading arrive bare or inside a mapping exception that knows the field. */
    private static Problem problem(JacksonException e) {
        if (e instanceof StreamConstraintsException || e.getCause() instanceof StreamConstraintsException) {
            return Problem.malformed("The body nests too deep or holds a name or number that is too long.");
        }
        if (e instanceof JsonMappingException mapping && e.getCause() instanceof StreamReadException reading) {
            return reading(reading, path(mapping));
        }
        return e instanceof StreamReadException reading ? reading(reading, "") : mapping(e);
    }

    private static Problem reading(StreamReadException e, String field) {
        if (e instanceof InputCoercionException number && !field.isEmpty()) {
            return Problem.malformed(field, "\"" + field + "\" must be " + kind(number.getTargetType()) + ".");
        }
        String message = e.getOriginalMessage();
        if (message.startsWith("Duplicate field '")) {
            String twice = message.substring(message.indexOf('\'') + 1, message.lastIndexOf('\''));
            return Problem.malformed(twice, "\"" + twice + "\" stands twice. Give it once.");
        }
        return notJson(e);
    }

    private static Problem mapping(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            Set<String> known = new TreeSet<>();
            if (unknown.getKnownPropertyIds() != null) {
                unknown.getKnownPropertyIds().forEach(id -> known.add(Objects.toString(id)));
            }
            return unknown(path(unknown), known);
        }
        if (e instanceof InvalidFormatException format) {
            String field = field(format);
            return Problem.malformed(field, "\"" + field + "\" " + expected(format) + ".");
        }
        if (e instanceof ValueInstantiationException instantiation) {
            return refused(instantiation);
        }
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        return notJson(e);
    }

    static Problem unknown(String field, Set<String> known) {
        return Problem.malformed(
                field, "\"" + field + "\" is not a field here. Known are: " + String.join(", ", known) + ".");
    }

    /** {@return whether a field of the body itself is not there} */
    static boolean isMissing(JacksonException e) {
        if (e instanceof ValueInstantiationException refused) {
            return refused.getCause() instanceof NullPointerException
                    && refused.getPath().isEmpty();
        }
        return e instanceof MismatchedInputException primitive
                && primitive.getPath().size() == 1
                && primitive.getOriginalMessage().contains("`null`");
    }

    private static Problem notJson(JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return Problem.malformed("The body is not valid JSON" + where + ".");
    }

    private static Problem mismatch(MismatchedInputException e) {
        if (e.getPath().isEmpty()) {
            if (e.getOriginalMessage().startsWith("No content")) {
                return Problem.malformed("body", "The body is empty. Send a JSON object.");
            }
            return Problem.malformed("body", "The body has another shape than expected. Send one JSON object.");
        }
        String field = field(e);
        if (e.getOriginalMessage().contains("`null`")) {
            return Problem.malformed(field, "\"" + field + "\" is missing. Give " + kind(e.getTargetType()) + ".");
        }
        return Problem.malformed(field, "\"" + field + "\" must be " + kind(e.getTargetType()) + ".");
    }

    /** A record's own checks: a missing component is malformed, a value that cannot work a validation error. */
    private static Problem refused(ValueInstantiationException e) {
        Throwable cause = e.getCause();
        String message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        String parent = path(e);
        if (cause instanceof NullPointerException && message.matches("[a-z][A-Za-z0-9]{0,63}")) {
            String field = parent.isEmpty() ? message : parent + "." + message;
            return Problem.malformed(field, "\"" + field + "\" is missing. Give it.");
        }
        if (cause instanceof IllegalArgumentException && !message.isEmpty()) {
            String word = message.split("[ :]", 2)[0];
            String name = word.matches("[a-z][A-Za-z0-9]{0,63}") ? word : "";
            String field = parent.isEmpty() ? name : name.isEmpty() ? parent : parent + "." + name;
            return field.isEmpty()
                    ? Problem.validation(List.of()).withDetail(message)
                    : Problem.validation(field, message);
        }
        return Problem.malformed(field(e), "\"" + field(e) + "\" cannot be read.");
    }

    private static String expected(InvalidFormatException e) {
        String message = e.getOriginalMessage();
        int give = message.lastIndexOf("give ");
        return give >= 0 ? "cannot be read: " + message.substring(give) : "must be " + kind(e.getTargetType());
    }

    private static String kind(Class<?> type) {
        if (type == null) {
            return "of another kind";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number in range";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        return switch (type.getSimpleName()) {
            case "String" -> "a string";
            case "UUID" -> "a UUID";
            case "URI" -> "a URI";
            case "Instant" -> "a time as RFC 3339 has it";
            default -> type.isEnum() ? "one of its known words" : "an object";
        };
    }

    private static String field(JsonMappingException e) {
        String path = path(e);
        return path.isEmpty() ? "body" : path;
    }

    private static String path(JsonMappingException e) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return text.toString();
    }
}
