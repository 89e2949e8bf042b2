// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ReaderInterceptor;
import javax.ws.rs.ext.ReaderInterceptorContext;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Problem;

/**
 * {@code Idempotency-Key} of {@link Repeatable} methods. A request with a key is taken when its body has been read, carried
 * out once, and answered again from memory; what the method declares of rights is asked each time, and nobody gets the
 * answer of another user or API key.
 */
final class IdempotencyKeys implements ReaderInterceptor, ContainerResponseFilter {
    static final String HEADER = Repeatable.HEADER;
    /** Says that an answer was given before. */
    static final String REPEATED = "X-NXvms-Repeated";

    private static final int KEY_CHARACTERS_MAX = 128;
    private static final String ASKED = IdempotencyKeys.class.getName() + ".asked";
    private static final String TAKEN = IdempotencyKeys.class.getName() + ".taken";

    private final RepeatedRequests requests;
    /** Bodies hold passwords; their fingerprints alone are worth nothing. */
    private final byte[] salt = new byte[32];

    IdempotencyKeys(LongSupplier nanoClock) {
        requests = new RepeatedRequests(nanoClock);
        new SecureRandom().nextBytes(salt);
    }

    /** Looks at the header, when it is known who is calling. */
    void check(ContainerRequestContext request, Method method) {
        String key = request.getHeaderString(HEADER);
        if (key == null) {
            return;
        }
        Optional<Caller> caller = Caller.find(request.getSecurityContext());
        if (!method.isAnnotationPresent(Repeatable.class) || caller.isEmpty()) {
            throw Problem.malformed(HEADER, "\"" + HEADER + "\" has no meaning for this operation. Leave it out.")
                    .exception();
        }
        if (key.isEmpty() || key.length() > KEY_CHARACTERS_MAX || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Problem.malformed(
                            HEADER,
                            "\"" + HEADER + "\" must be 1 to " + KEY_CHARACTERS_MAX
                                    + " visible ASCII characters, such as a random UUID.")
                    .exception();
        }
        request.setProperty(
                ASKED,
                new RepeatedRequests.Name(
                        caller.get().user().id(),
                        caller.get().user().apiKey().map(AuthenticatedUser.ApiKey::id),
                        request.getUriInfo().getRequestUri().getRawPath(),
                        key));
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        if (!(context.getProperty(ASKED) instanceof RepeatedRequests.Name name)) {
            return context.proceed();
        }
        MessageDigest digest = sha256();
        digest.update(salt);
        context.setInputStream(new DigestInputStream(context.getInputStream(), digest));
        Object body = context.proceed();
        RepeatedRequests.Found found = requests.take(name, HexFormat.of().formatHex(digest.digest()));
        switch (found.state()) {
            case NEW -> context.setProperty(TAKEN, name);
            case ANSWERED ->
                throw new WebApplicationException(again(found.answer().orElseThrow()));
            case RUNNING ->
                throw Problem.conflict("The first request with this \"" + HEADER
                                + "\" is still carried out. Repeat it in a moment.")
                        .exception();
            case OTHER ->
                throw Problem.validation(
                                HEADER,
                                "This key was used for another body. Use a new key for what is to be created anew.")
                        .exception();
        }
        return body;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
        if (!(request.getProperty(TAKEN) instanceof RepeatedRequests.Name name)) {
            return;
        }
        if (response.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL) {
            requests.forget(name);
            return;
        }
        Optional<RepeatedRequests.Answer> answer = Optional.empty();
        try {
            answer = Optional.of(answer(response));
        } finally {
            // Without an answer the name would count as running.
            answer.ifPresentOrElse(known -> requests.keep(name, known), () -> requests.forget(name));
        }
    }

    private static RepeatedRequests.Answer answer(ContainerResponseContext response) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String header : new String[] {HttpHeaders.LOCATION, HttpHeaders.ETAG}) {
            Optional.ofNullable(response.getHeaderString(header)).ifPresent(value -> headers.put(header, value));
        }
        byte[] body = response.hasEntity() ? Json.mapper().writeValueAsBytes(response.getEntity()) : new byte[0];
        Optional<byte[]> kept = body.length <= RepeatedRequests.ANSWER_BYTES_MAX ? Optional.of(body) : Optional.empty();
        return new RepeatedRequests.Answer(response.getStatus(), kept, headers);
    }

    private static Response again(RepeatedRequests.Answer answer) {
        byte[] body = answer.body().orElseThrow(() -> Problem.conflict(
                        "This was carried out, but the answer is too long to be given again."
                                + " Read what was created.")
                .exception());
        Response.ResponseBuilder response = Response.status(answer.status()).header(REPEATED, "true");
        answer.headers().forEach(response::header);
        return body.length == 0
                ? response.build()
                : response.type(MediaType.APPLICATION_JSON).entity(body).build();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
