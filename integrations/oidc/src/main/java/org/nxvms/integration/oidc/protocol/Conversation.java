// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.nxvms.integration.oidc.http.ProviderHttp;

/**
 * The authorization code flow with one provider (OpenID Connect Core 1.0, 3.1), and what it says later about sessions. Any
 * thread; blocks for the provider's answers.
 */
public final class Conversation {
    private static final int GROUPS_MAX = 1_000;
    private static final int TEXT_CHARS_MAX = 255;

    private final Terms terms;
    private final ClientSecret clientSecret;
    private final ProviderHttp http;
    private final Clock clock;
    private final Discovery discovery;
    private final Tokens tokens;
    private final Once attempts = new Once(Attempt.LIFE);
    private final Once logouts = new Once(Duration.ofMinutes(15));

    /** The secret that was agreed, opened when it is needed; empty for a public client, which has PKCE alone. */
    @FunctionalInterface
    public interface ClientSecret {
        Optional<String> open() throws RefusedException;
    }

    public Conversation(
            Terms terms, ClientSecret clientSecret, ProviderHttp http, Clock clock, LongSupplier nanoClock) {
        this.terms = terms;
        this.clientSecret = clientSecret;
        this.http = http;
        this.clock = clock;
        this.discovery = new Discovery(terms.issuer(), http, nanoClock);
        this.tokens = new Tokens(
                terms.issuer(),
                terms.clientId(),
                terms.algorithms(),
                ProviderKeys.of(discovery, terms.issuer(), http, terms.limit()),
                clock);
    }

    /**
     * A sign-in begins.
     *
     * @param address at the provider, where the browser goes
     */
    public record Begun(Attempt attempt, URI address) {}

    /** @param redirect where the provider is to send the browser */
    public Begun begin(URI redirect) throws RefusedException {
        Metadata metadata = discovery.get();
        Attempt attempt = Attempt.begin(terms.name(), redirect, clock.instant());
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", terms.clientId());
        query.put("redirect_uri", redirect.toString());
        query.put("scope", terms.scopes());
        query.put("state", attempt.state());
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", attempt.challenge());
        query.put("code_challenge_method", "S256");
        String text = query.entrySet().stream()
                .map(field -> field.getKey() + "=" + ProviderHttp.encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        URI address = metadata.authorization();
        return new Begun(attempt, URI.create(address + (address.getRawQuery() == null ? "?" : "&") + text));
    }

    /**
     * What the browser brings back (RFC 6749 4.1.2, RFC 9207).
     *
     * @param issuer who says to have answered, if it says so
     */
    public record Answer(
            Optional<String> code, Optional<String> state, Optional<String> issuer, Optional<String> error) {
        /** Shows no code. */
        @Override
        public String toString() {
            return "Answer[" + error.orElse("code") + "]";
        }
    }

    /**
     * A sign-in ends.
     *
     * @param attempt of this browser
     */
    public Vouched complete(Attempt attempt, Answer answer) throws RefusedException {
        if (!attempt.provider().equals(terms.name())
                || answer.state().filter(attempt::isOf).isEmpty()
                || attempt.isOver(clock.instant())) {
            throw new RefusedException(
                    Refusal.EXPIRED, "the answer is to no sign-in that this browser began in the last ten minutes");
        }
        if (!attempts.use(attempt.state(), clock.instant())) {
            throw new RefusedException(Refusal.EXPIRED, "the answer came a second time");
        }
        Metadata metadata = discovery.get();
        // Before anything else is believed: another provider may have been mixed in (RFC 9207 2.4).
        if (answer.issuer().isPresent() ? !answer.issuer().get().equals(terms.issuer()) : metadata.saysIssuer()) {
            throw new RefusedException(Refusal.TOKEN_INVALID, "the answer comes from another provider (iss)");
        }
        if (answer.error().isPresent()) {
            String error = answer.error().get();
            throw new RefusedException(
                    error.equals("access_denied") ? Refusal.DENIED : Refusal.PROVIDER_ERROR,
                    "the provider says " + printable(error));
        }
        String code = answer.code()
                .orElseThrow(() -> new RefusedException(Refusal.PROVIDER_ERROR, "there is no code in the answer"));
        JsonNode granted = exchange(metadata, attempt, code);
        JWTClaimsSet claims = tokens.idToken(granted.path("id_token").asText(""), attempt.nonce());
        return vouched(metadata, claims, granted.path("access_token").asText(""));
    }

    private JsonNode exchange(Metadata metadata, Attempt attempt, String code) throws RefusedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", attempt.redirect().toString());
        form.put("code_verifier", attempt.verifier());
        Optional<String> basic = Optional.empty();
        Optional<String> secret = clientSecret.open();
        if (secret.isEmpty() || metadata.secretInForm()) {
            form.put("client_id", terms.clientId());
            secret.ifPresent(text -> form.put("client_secret", text));
        } else {
            // Encoded twice: RFC 6749 2.3.1.
            String both = ProviderHttp.encoded(terms.clientId()) + ":" + ProviderHttp.encoded(secret.get());
            basic = Optional.of(Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            ProviderHttp.Answer answer = http.post(metadata.token(), form, basic);
            if (answer.status() == 200) {
                return answer.json();
            }
            String error = answer.status() < 500
                    ? ", " + printable(answer.json().path("error").asText(""))
                    : "";
            throw new RefusedException(
                    Refusal.PROVIDER_ERROR, "the provider refuses to give a token (" + answer.status() + error + ")");
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Some providers put into the ID token no more than they must, and tell the rest when asked (Core 1.0, 5.3, 5.4). */
    private Vouched vouched(Metadata metadata, JWTClaimsSet claims, String accessToken) throws RefusedException {
        Object name = claims.getClaim(terms.usernameClaim());
        Object groups = claims.getClaim(terms.groupsClaim());
        if ((name == null || groups == null) && metadata.userInfo().isPresent() && !accessToken.isEmpty()) {
            Map<String, Object> more = userInfo(metadata.userInfo().get(), accessToken, claims.getSubject());
            name = name == null ? more.get(terms.usernameClaim()) : name;
            groups = groups == null ? more.get(terms.groupsClaim()) : groups;
        }
        if (!(name instanceof String username) || username.isBlank() || username.length() > TEXT_CHARS_MAX) {
            throw new RefusedException(
                    Refusal.TOKEN_INVALID,
                    "the provider says no name of the user in " + terms.usernameClaim()
                            + "; see usernameClaim and scopes");
        }
        Optional<String> session = claims.getClaim("sid") instanceof String sid && sid.length() <= TEXT_CHARS_MAX
                ? Optional.of(sid)
                : Optional.empty();
        return new Vouched(claims.getSubject(), username, groups(groups), session);
    }

    private Map<String, Object> userInfo(URI address, String accessToken, String subject) throws RefusedException {
        try {
            ProviderHttp.Answer answer = http.get(address, Optional.of(accessToken));
            if (answer.status() != 200) {
                throw new IOException("it answers " + answer.status() + " when asked about the user");
            }
            JsonNode said = answer.json();
            if (!subject.equals(said.path("sub").asText(""))) {
                throw new RefusedException(Refusal.TOKEN_INVALID, "the provider speaks of another user (5.3.2)");
            }
            Map<String, Object> known = new LinkedHashMap<>();
            said.properties().forEach(field -> {
                if (field.getValue().isTextual()) {
                    known.put(field.getKey(), field.getValue().asText());
                } else if (field.getValue().isArray()) {
                    known.put(field.getKey(), texts(field.getValue()));
                }
            });
            return known;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList();
    }

    private static Set<String> groups(Object claim) throws RefusedException {
        Set<String> groups = new LinkedHashSet<>();
        if (claim instanceof String one) {
            groups.add(one);
        } else if (claim instanceof List<?> many) {
            many.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(groups::add);
        }
        if (groups.size() > GROUPS_MAX) {
            throw new RefusedException(
                    Refusal.TOKEN_INVALID,
                    "the user is in more than " + GROUPS_MAX + " groups; have the provider tell those of this server");
        }
        return groups;
    }

    /**
     * What a logout token says counts once; when it could not be carried out, it may come again.
     *
     * @param end carries it out
     */
    public void ended(String logoutToken, Consumer<Ended> end) throws RefusedException {
        JWTClaimsSet claims = tokens.logoutToken(logoutToken);
        if (!logouts.use(claims.getJWTID(), clock.instant())) {
            throw new RefusedException(Refusal.TOKEN_INVALID, "the logout token came a second time (jti)");
        }
        Optional<String> session = claims.getClaim("sid") instanceof String sid ? Optional.of(sid) : Optional.empty();
        try {
            end.accept(new Ended(Optional.ofNullable(claims.getSubject()), session));
        } catch (RuntimeException e) {
            logouts.forget(claims.getJWTID());
            throw e;
        }
    }

    /** Asks the provider now what it offers. {@return why it cannot be used, empty when it can} */
    public String probe() {
        return discovery.probe();
    }

    /** {@return why the provider could not be used the last time, empty when it could} */
    public String trouble() {
        return discovery.trouble();
    }

    private RefusedException unreachable(IOException e) {
        return new RefusedException(
                Refusal.PROVIDER_UNREACHABLE, "provider " + terms.issuer() + ": " + e.getMessage(), e);
    }

    /** What others send must not forge lines of the log. */
    private static String printable(String text) {
        String clean = text.replaceAll("[^A-Za-z0-9._ -]", "?");
        return clean.length() <= 64 ? clean : clean.substring(0, 64) + "...";
    }
}
