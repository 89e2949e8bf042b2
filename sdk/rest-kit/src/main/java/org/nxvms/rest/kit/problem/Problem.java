// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * An error as it travels: {@code application/problem+json} (RFC 9457). Immutable.
 *
 * @param name the last part of {@code type}, stable, e.g. {@code not-found}
 * @param title what the type means; the same for all problems of a type
 * @param status HTTP status
 * @param detail what happened here and what to do
 * @param instance identifies this occurrence, where there is something to look up
 * @param errors one entry per field that is wrong
 * @param retryAfterSeconds when to try again, for 429 and 503
 */
public record Problem(
        String name,
        String title,
        int status,
        String detail,
        Optional<String> instance,
        List<FieldError> errors,
        OptionalInt retryAfterSeconds) {
    /** Media type of problems. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(instance, "instance");
        errors = List.copyOf(errors);
        Objects.requireNonNull(retryAfterSeconds, "retryAfterSeconds");
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400..599, not " + status);
        }
    }

    /** A problem without fields. For types that have no factory below. */
    public static Problem of(String name, String title, int status, String detail) {
        return new Problem(name, title, status, detail, Optional.empty(), List.of(), OptionalInt.empty());
    }

    /** 401: no or bad credentials. */
    public static Problem unauthenticated(String detail) {
        return of("unauthenticated", "Not signed in", 401, detail);
    }

    /** 403: the right is missing. */
    public static Problem forbidden(String detail) {
        return of("forbidden", "Not allowed", 403, detail);
    }

    /** 403: CSRF token or Origin missing or wrong. */
    public static Problem csrf(String detail) {
        return of("csrf", "Request is not from the console", 403, detail);
    }

    /** 403: the initial password must be changed first. */
    public static Problem passwordChangeRequired(String detail) {
        return of("password-change-required", "Password must be changed first", 403, detail);
    }

    /** 403: a second factor must be enrolled first. */
    public static Problem secondFactorRequired(String detail) {
        return of("second-factor-required", "Second factor must be enrolled first", 403, detail);
    }

    /** 404: there is no such camera, or the caller may not know of it: the same words. */
    public static Problem noCamera(UUID id) {
        return notFound("There is no camera " + id + ". GET /api/v1/cameras lists what there is.");
    }

    /** 404: there is no such thing. */
    public static Problem notFound(String detail) {
        return of("not-found", "Not found", 404, detail);
    }

    /** 409: the state of the resource does not allow it. */
    public static Problem conflict(String detail) {
        return of("conflict", "Conflict", 409, detail);
    }

    /** 412: the resource changed since it was read. */
    public static Problem preconditionFailed(String detail) {
        return of("precondition-failed", "Changed in the meantime", 412, detail);
    }

    /** 400: the request cannot be read; names the field. */
    public static Problem malformed(String field, String detail) {
        return malformed(detail).withErrors(List.of(new FieldError(field, detail)));
    }

    /** 400: the request cannot be read, and no field is to blame. */
    public static Problem malformed(String detail) {
        return of("malformed", "Request cannot be read", 400, detail);
    }

    /** 413: the body is larger than accepted. */
    public static Problem tooLarge(String detail) {
        return of("too-large", "Body too large", 413, detail);
    }

    /** 422: a field's value cannot work. */
    public static Problem validation(String field, String detail) {
        return validation(List.of(new FieldError(field, detail)));
    }

    /** 422: values that cannot work, sentence by field. */
    public static Problem validation(Map<String, String> sentences) {
        return validation(sentences.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new FieldError(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** 422: values that cannot work. */
    public static Problem validation(List<FieldError> errors) {
        String detail =
                errors.isEmpty() ? "A value cannot work." : errors.get(0).detail();
        return of("validation", "Values cannot work", 422, detail).withErrors(errors);
    }

    /** 429: asked too often. */
    public static Problem tooManyRequests(String detail, int retryAfterSeconds) {
        return of("too-many-requests", "Too many requests", 429, detail).withRetryAfter(retryAfterSeconds);
    }

    /** 503: something needed is absent for a moment. */
    public static Problem unavailable(String detail, int retryAfterSeconds) {
        return of("unavailable", "Not available now", 503, detail).withRetryAfter(retryAfterSeconds);
    }

    /** 500: a fault of ours; {@code instance} finds it in the log. */
    public static Problem internal(String instance) {
        return new Problem(
                "internal",
                "Internal error",
                500,
                "The server failed. Try again; if it stays, look in the server's log for " + instance + ".",
                Optional.of(instance),
                List.of(),
                OptionalInt.empty());
    }

    /** {@return the type URI reference} */
    public String type() {
        return "/problems/" + name;
    }

    public Problem withErrors(List<FieldError> newErrors) {
        return new Problem(name, title, status, detail, instance, newErrors, retryAfterSeconds);
    }

    public Problem withDetail(String newDetail) {
        return new Problem(name, title, status, newDetail, instance, errors, retryAfterSeconds);
    }

    public Problem withRetryAfter(int seconds) {
        return new Problem(name, title, status, detail, instance, errors, OptionalInt.of(seconds));
    }

    /** {@return this as something to throw} */
    public ProblemException exception() {
        return new ProblemException(this);
    }
}
