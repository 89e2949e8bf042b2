// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.key.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys for programs: everybody makes them of the own rights, administrators see and remove all. */
@Path("/")
@Server(url = ApiKeysResource.BASE)
@Tag(name = "API keys")
@Produces(MediaType.APPLICATION_JSON)
@Requires({})
public final class ApiKeysResource {
    static final String BASE = "/api/v1/api-keys";
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeysResource.class);
    private static final int NAME_LENGTH_MAX = 100;
    private static final int DAYS_MAX = 3_650;

    private final ApiKeys keys;
    private final SignIn signIn;
    private final TokenGuard guard;
    private final UserDirectory users;
    private final Delegation delegation;

    ApiKeysResource(ApiKeys keys, SignIn signIn, TokenGuard guard, UserDirectory users, Delegation delegation) {
        this.users = users;
        this.delegation = delegation;
        this.keys = keys;
        this.signIn = signIn;
        this.guard = guard;
    }

    /** A key as it travels; never its text. */
    @Schema(name = "ApiKey")
    public record KeyView(
            UUID id,
            UUID userId,
            String name,
            Set<Permission> scopes,
            Instant created,
            Instant expires,
            @Schema(description = "When it was used last, give or take some minutes") Optional<Instant> used) {
        static KeyView of(StoredApiKey key) {
            return new KeyView(
                    key.id(), key.userId(), key.name(), ApiKeys.scope(key), key.created(), key.expires(), key.used());
        }
    }

    /** A key that was just made. */
    @Schema(name = "NewApiKey")
    public record NewKey(
            @Schema(description = "Send it as Authorization: Bearer. Told once") String key, KeyView details) {
        /** Shows no key. */
        @Override
        public String toString() {
            return "NewKey[" + details.id() + "]";
        }
    }

    /**
     * A key to make.
     *
     * @param scopes what it may do; its user must have these rights, and keeps having them for it to have them
     * @param password of the caller, who proves once more to be the user
     */
    @Schema(name = "ApiKeyDraft")
    public record KeyDraft(
            String name,
            Set<Permission> scopes,
            @Schema(description = "1..3650, default 365") Optional<Integer> expiresInDays,
            String password) {
        public KeyDraft {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(scopes, "scopes");
            Objects.requireNonNull(expiresInDays, "expiresInDays");
            Objects.requireNonNull(password, "password");
            if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
                throw new IllegalArgumentException("name must have 1 to " + NAME_LENGTH_MAX + " characters");
            }
            if (scopes.isEmpty()) {
                throw new IllegalArgumentException("scopes must name at least one right");
            }
            if (expiresInDays.filter(days -> days < 1 || days > DAYS_MAX).isPresent()) {
                throw new IllegalArgumentException("expiresInDays must be 1 to " + DAYS_MAX);
            }
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "KeyDraft[" + name + "]";
        }
    }

    @GET
    @Operation(summary = "Lists the caller's API keys, oldest first")
    public Page<KeyView> list(
            @Parameter(description = "Those of all users; needs the right to manage users") @QueryParam("all")
                    Boolean all,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        SessionsResource.caller(guard, request);
        Caller caller = Caller.of(security);
        if (Boolean.TRUE.equals(all)) {
            caller.require(Permission.MANAGE_USERS);
            return page(keys.all());
        }
        return page(keys.of(caller.user().id()));
    }

    private static Page<KeyView> page(List<StoredApiKey> some) {
        return Page.whole(some.stream().map(KeyView::of).toList());
    }

    @Audited("api_key.made")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Makes an API key of the caller",
            description = "The key is told here and never again. A key makes no other keys: it takes a session. 409 for"
                    + " users whom a provider outside proves.")
    @ApiResponse(
            responseCode = "201",
            description = "Made",
            content = @Content(schema = @Schema(implementation = NewKey.class)))
    @ApiResponse(responseCode = "409", description = "The user has as many keys as there may be, or comes from outside")
    public Response create(KeyDraft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        Sessions.Caller session = SessionsResource.caller(guard, request);
        Caller caller = Caller.of(security);
        session.account().provider().ifPresent(provider -> {
            throw Problem.conflict("A key would outlive the user at \"" + provider
                            + "\", whom nobody asks about then. Make it of a user of this server's own.")
                    .exception();
        });
        draft.scopes().stream()
                .filter(right -> !caller.mayAnywhere(right))
                .sorted()
                .findFirst()
                .ifPresent(right -> {
                    throw Problem.validation(
                                    "scopes",
                                    "User " + caller.getName() + " does not have "
                                            + right.name().toLowerCase(Locale.ROOT) + " anywhere, so a key cannot.")
                            .exception();
                });
        signIn.confirm(session, "password", draft.password(), Clients.of(request));
        String subject = "api-key/" + draft.name();
        String scopes = draft.scopes().stream().map(Permission::name).sorted().collect(Collectors.joining(" "));
        new AuditFields(subject, Map.of(), Map.of("scopes", scopes)).of(request);
        Duration life = Duration.ofDays(draft.expiresInDays().orElse(365));
        ApiKeys.Made made = keys.create(caller.user().id(), draft.name().strip(), draft.scopes(), life);
        // What is done by the key is noted with its id.
        new AuditFields(
                        subject,
                        Map.of(),
                        Map.of("scopes", scopes, "id", made.key().id().toString()))
                .of(request);
        LOG.info("User {} made the API key {}", caller.getName(), made.key().id());
        return Response.created(URI.create(made.key().id().toString()))
                .entity(new NewKey(made.text(), KeyView.of(made.key())))
                .build();
    }

    @Audited("api_key.removed")
    @DELETE
    @Path("{id}")
    @Operation(summary = "Removes an API key; it ends at once")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(
            @PathParam("id") UUID id, @Context SecurityContext security, @Context HttpServletRequest request) {
        SessionsResource.caller(guard, request);
        Caller caller = Caller.of(security);
        StoredApiKey key = keys.get(id)
                .filter(found -> found.userId().equals(caller.user().id())
                        || caller.may(Permission.MANAGE_USERS, Optional.empty()))
                .orElseThrow(() -> new NoSuchResourceException("There is no API key " + id + "."));
        new AuditFields(
                        "api-key/" + key.name(),
                        Map.of(
                                "id",
                                id.toString(),
                                "userId",
                                key.userId().toString(),
                                "scopes",
                                key.scopes().stream().sorted().collect(Collectors.joining(" "))),
                        Map.of())
                .of(request);
        users.list().stream()
                .filter(user -> user.id().equals(key.userId()))
                .findFirst()
                .ifPresent(owner -> delegation.requireOver(security, owner));
        keys.revoke(key.id());
        LOG.info("{} removed the API key {}", caller.getName(), id);
        return Response.noContent().build();
    }
}
