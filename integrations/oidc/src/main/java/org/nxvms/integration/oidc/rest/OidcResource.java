// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.integration.oidc.Provider;
import org.nxvms.integration.oidc.Providers;
import org.nxvms.integration.oidc.protocol.Attempt;
import org.nxvms.integration.oidc.protocol.Conversation;
import org.nxvms.integration.oidc.protocol.Refusal;
import org.nxvms.integration.oidc.protocol.RefusedException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.OutsideSignIn;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.rest.kit.jaxrs.Open;
import org.nxvms.rest.kit.jaxrs.Query;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Browsers begin here, go to the provider, and come back with a code; providers say here who has gone. All three answer
 * without credentials, since nobody has any yet. Browsers are always sent on to the console, which words what went wrong:
 * to no other place, whatever the request says.
 */
@Path("/{provider}")
@Server(url = Provider.BASE)
@Tag(name = "OpenID Connect")
@Produces(MediaType.APPLICATION_JSON)
public final class OidcResource {
    private static final Logger LOG = LoggerFactory.getLogger(OidcResource.class);
    private static final String COOKIE = "nxvms_oidc";
    private static final String PURPOSE = "oidc/attempt";
    private static final int FORM_BYTES_MAX = 64 * 1024;
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private final Supplier<Providers> providers;
    private final Supplier<OutsideSignIn> signIn;
    private final Supplier<SecretVault> vault;
    private final Supplier<AuditTrail> audit;

    OidcResource(
            Supplier<Providers> providers,
            Supplier<OutsideSignIn> signIn,
            Supplier<SecretVault> vault,
            Supplier<AuditTrail> audit) {
        this.providers = providers;
        this.signIn = signIn;
        this.vault = vault;
        this.audit = audit;
    }

    @GET
    @Path("start")
    @Open
    @SecurityRequirements
    @Operation(summary = "Sends a browser to a provider to sign in")
    @ApiResponse(responseCode = "303", description = "To the provider, or back to the console with the reason")
    public Response start(@PathParam("provider") String name, @Context HttpServletRequest request) {
        try {
            Conversation.Begun begun = provider(name).begin(origin(request));
            String sealed = vaultNow().seal(begun.attempt().text(), PURPOSE);
            return to(begun.address().toString())
                    .header(HttpHeaders.SET_COOKIE, cookie(sealed, Attempt.LIFE.toSeconds(), request.isSecure()))
                    .build();
        } catch (RefusedException refused) {
            return refused(name, refused, request);
        }
    }

    @GET
    @Path("callback")
    @Open
    @SecurityRequirements
    @Query(Query.ANY)
    @Operation(
            summary = "Where a provider sends a browser back",
            description = "The browser must be the one that began. What a provider adds to the address is passed over"
                    + " (RFC 6749 4.1.2).")
    @ApiResponse(responseCode = "303", description = "To the console, which gets a session or shows the reason")
    public Response callback(
            @PathParam("provider") String name,
            @QueryParam("code") String code,
            @QueryParam("state") String state,
            @QueryParam("iss") String issuer,
            @QueryParam("error") String error,
            @Context HttpServletRequest request) {
        try {
            Provider provider = provider(name);
            Attempt attempt = attempt(request);
            Conversation.Answer answer = new Conversation.Answer(
                    Optional.ofNullable(code),
                    Optional.ofNullable(state),
                    Optional.ofNullable(issuer),
                    Optional.ofNullable(error));
            OutsideIdentity identity = provider.complete(attempt, answer);
            OutsideSignIn door = signIn.get();
            if (door == null) {
                throw new RefusedException(Refusal.UNAVAILABLE, "what begins sessions is not running");
            }
            String ticket = door.admit(identity, request.isSecure());
            return to("/console/?signin=done")
                    .header(HttpHeaders.SET_COOKIE, cookie("", 0, request.isSecure()))
                    .header(HttpHeaders.SET_COOKIE, ticket)
                    .build();
        } catch (RefusedException refused) {
            return refused(name, refused, request);
        }
    }

    @Unaudited("notes by itself whose sessions the provider ended")
    @POST
    @Path("logout")
    @Open
    @SecurityRequirements
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(
            summary = "A provider says that somebody has gone",
            description =
                    "OpenID Connect Back-Channel Logout 1.0. All sessions of the user on this server end at once.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(type = "object", requiredProperties = "logout_token")))
    @ApiResponse(responseCode = "200", description = "The sessions have ended, or there were none")
    @ApiResponse(responseCode = "400", description = "The token does not hold, or the sessions could not be ended")
    public Response logout(@PathParam("provider") String name, InputStream body, @Context HttpServletRequest request)
            throws IOException {
        try {
            String token = field(body, "logout_token");
            OutsideSignIn door = signIn.get();
            if (door == null) {
                throw new RefusedException(Refusal.UNAVAILABLE, "what ends sessions is not running");
            }
            provider(name).ended(token, subject -> {
                boolean known = door.endSessions(name, subject);
                LOG.info("Provider {} says that a user has gone{}", name, known ? "" : ", who was never here");
                note(name, "session.ended", request, Map.of("provider", name, "subject", subject));
            });
            return Response.ok().build();
        } catch (RefusedException refused) {
            LOG.warn(
                    "A logout of provider {} from {} is refused: {}",
                    name(name),
                    request.getRemoteAddr(),
                    refused.getMessage());
            return Response.status(Response.Status.BAD_REQUEST)
                    .entity(Map.of("error", "invalid_request", "error_description", refused.getMessage()))
                    .build();
        } catch (StoreException away) {
            LOG.warn("A logout of provider {} could not be carried out: {}", name(name), away.getMessage());
            return Response.status(Response.Status.BAD_REQUEST)
                    .entity(Map.of("error", "temporarily_unavailable", "error_description", "Send it again."))
                    .build();
        }
    }

    private Provider provider(String name) throws RefusedException {
        Providers all = providers.get();
        return Optional.ofNullable(all)
                .flatMap(known -> known.find(name))
                .orElseThrow(() -> new RefusedException(Refusal.UNAVAILABLE, "there is no such provider"));
    }

    private Attempt attempt(HttpServletRequest request) throws RefusedException {
        String sealed = RequestCredentialsFactory.from(request).cookies().getOrDefault(COOKIE, "");
        try {
            return Attempt.of(vaultNow().open(sealed, PURPOSE));
        } catch (IllegalArgumentException none) {
            throw new RefusedException(Refusal.EXPIRED, "this browser has begun no sign-in", none);
        }
    }

    private SecretVault vaultNow() throws RefusedException {
        SecretVault now = vault.get();
        if (now == null) {
            throw new RefusedException(Refusal.UNAVAILABLE, "the vault that seals secrets is not running");
        }
        return now;
    }

    /** A wrong Host harms who sends it: the provider sends browsers to addresses that were registered there. */
    private static URI origin(HttpServletRequest request) throws RefusedException {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null || !HOST.matcher(host).matches()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "the request names no host");
        }
        return URI.create((request.isSecure() ? "https://" : "http://") + host);
    }

    private Response refused(String name, RefusedException refused, HttpServletRequest request) {
        LOG.warn(
                "Sign-in at provider {} from {} is refused: {}",
                name(name),
                request.getRemoteAddr(),
                refused.getMessage());
        if (refused.refusal() == Refusal.TOKEN_INVALID) {
            note(
                    name,
                    "auth.login",
                    request,
                    Map.of("provider", name, "refused", refused.refusal().word()));
        }
        return to("/console/?signin=" + refused.refusal().word())
                .header(HttpHeaders.SET_COOKIE, cookie("", 0, request.isSecure()))
                .build();
    }

    private void note(String provider, String action, HttpServletRequest request, Map<String, String> after) {
        AuditTrail trail = audit.get();
        if (trail != null) {
            trail.note(new AuditNote(
                    action,
                    !after.containsKey("refused"),
                    new AuditNote.Actor(
                            Optional.empty(), "provider " + provider, Optional.empty(), request.getRemoteAddr()),
                    "",
                    Map.of(),
                    after));
        }
    }

    private static Response.ResponseBuilder to(String address) {
        return Response.status(Response.Status.SEE_OTHER).header(HttpHeaders.LOCATION, address);
    }

    /** Lax, because the browser comes back from another site; Strict would leave it at home. */
    private static String cookie(String value, long lifeSeconds, boolean secure) {
        return COOKIE + "=" + value + "; Path=" + Provider.BASE + "; Max-Age=" + lifeSeconds
                + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }

    private static String field(InputStream body, String name) throws IOException, RefusedException {
        byte[] form = body.readNBytes(FORM_BYTES_MAX + 1);
        if (form.length > FORM_BYTES_MAX) {
            throw new RefusedException(Refusal.TOKEN_INVALID, "the form is longer than " + FORM_BYTES_MAX + " bytes");
        }
        String found = "";
        for (String pair : new String(form, StandardCharsets.UTF_8).split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2 && parts[0].equals(name)) {
                if (!found.isEmpty()) {
                    throw new RefusedException(Refusal.TOKEN_INVALID, name + " stands twice");
                }
                try {
                    found = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                } catch (IllegalArgumentException badEscape) {
                    throw new RefusedException(Refusal.TOKEN_INVALID, name + " cannot be read", badEscape);
                }
            }
        }
        if (found.isEmpty()) {
            throw new RefusedException(Refusal.TOKEN_INVALID, name + " is missing");
        }
        return found;
    }

    /** What strangers send must not forge lines of the log. */
    private static String name(String sent) {
        return sent.matches("[a-z0-9-]{1,20}") ? sent : "(unknown)";
    }
}
