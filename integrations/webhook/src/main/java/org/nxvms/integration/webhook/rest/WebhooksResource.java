// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.integration.webhook.Webhooks;
import org.nxvms.integration.webhook.deliver.Courier;
import org.nxvms.integration.webhook.send.Answer;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/v1/webhooks}: see docs/design/integrations.md. */
@Path("/")
@Server(url = WebhooksResource.BASE)
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_WEBHOOKS)
public final class WebhooksResource {
    static final String BASE = "/api/v1/webhooks";
    private static final Logger LOG = LoggerFactory.getLogger(WebhooksResource.class);

    private final Supplier<Webhooks> webhooks;

    WebhooksResource(Supplier<Webhooks> webhooks) {
        this.webhooks = webhooks;
    }

    /** What came of a test. */
    @Schema(name = "WebhookTest")
    public record Tested(
            boolean delivered,
            @Schema(description = "HTTP status; absent when there was no answer") Optional<Integer> status,
            @Schema(description = "What went wrong and what to do; empty when it arrived") String detail,
            long durationMs) {}

    @GET
    @Operation(summary = "All webhooks, by name, without what is secret")
    public Page<WebhookView> list() {
        Webhooks all = webhooks();
        List<WebhookView> views = new ArrayList<>();
        all.files().all().values().forEach(stored -> WebhookView.of(stored, all, Optional.empty())
                .ifPresent(views::add));
        return Page.whole(views);
    }

    @GET
    @Path("{name}")
    @Operation(summary = "One webhook")
    @ApiResponse(
            responseCode = "200",
            description = "With ETag",
            content = @Content(schema = @Schema(implementation = WebhookView.class)))
    public Response get(@PathParam("name") String name) {
        return answer(Response.ok(), name, Optional.empty()).build();
    }

    @POST
    @Audited("webhook.added")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Adds a webhook; it is told what happens from now on",
            description = "Carried out within two seconds. The answer is the only one that has the secret.")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = WebhookView.class)))
    @ApiResponse(responseCode = "409", description = "The name is taken, or there are as many webhooks as there may be")
    public Response add(WebhookDraft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        Webhooks all = webhooks();
        String name = draft.name()
                .orElseThrow(() -> Problem.malformed("name", "\"name\" is missing. Give 1 to 40 of a-z 0-9 _ -.")
                        .exception());
        if (draft.url().isEmpty()) {
            throw Problem.malformed("url", "\"url\" is missing.").exception();
        }
        String secret = draft.secret().orElseGet(Signature::freshSecret);
        Map<String, String> values = new LinkedHashMap<>();
        checked(() -> {
            Settings.checkName(name);
            values.put(Settings.NAME, name);
            values.putAll(new WebhookDraft(
                            Optional.empty(),
                            draft.url(),
                            draft.enabled(),
                            draft.filter(),
                            draft.timeoutMs(),
                            Optional.of(secret),
                            draft.headers())
                    .values(name, all.secrets()));
            values.values().removeIf(String::isEmpty);
            return Settings.of(values::get);
        });
        told(name, Map.of(), values).of(request);
        try {
            all.files().add(name, values);
        } catch (IllegalStateException taken) {
            throw new ProblemException(Problem.conflict(taken.getMessage()), taken);
        }
        LOG.info("{} added webhook {}", by(security), name);
        return answer(Response.created(URI.create(BASE + "/" + name)), name, Optional.of(secret))
                .build();
    }

    @Audited("webhook.changed")
    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Changes what is given; it goes on where it was",
            description = "Another scheme, host or port needs the headers anew, or none: {\"headers\":{}}")
    @ApiResponse(
            responseCode = "200",
            description = "Changed",
            content = @Content(schema = @Schema(implementation = WebhookView.class)))
    @ApiResponse(responseCode = "409", description = "Its file was written by hand and cannot work")
    public Response change(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            WebhookDraft draft,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Webhooks all = webhooks();
        if (draft.name().isPresent()) {
            throw Problem.validation("name", "\"name\" stays as it is. Add another webhook, and remove this one.")
                    .exception();
        }
        EndpointFiles.Stored stored = stored(all, name);
        Etags.requireMatch(ifMatch, Etags.of(stored.version()), "The webhook");
        checkWhereSecretsGo(stored, draft);
        Map<String, String> values = checked(() -> draft.values(name, all.secrets()));
        checked(() -> {
            Map<String, String> together = new LinkedHashMap<>(stored.values());
            together.putAll(values);
            return Settings.of(together::get);
        });
        // What was looked at is what is changed: else headers could go to an address that somebody else entered just
        // now.
        told(name, stored.values(), values).of(request);
        all.files().change(name, Optional.of(stored.version()), values);
        LOG.info("{} changed webhook {}", by(security), name);
        return answer(Response.ok(), name, Optional.empty()).build();
    }

    @Audited("webhook.removed")
    @DELETE
    @Path("{name}")
    @Operation(summary = "Removes a webhook, and how far it got")
    @ApiResponse(responseCode = "204", description = "Removed")
    public Response remove(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request)
            throws IOException {
        Webhooks all = webhooks();
        EndpointFiles.Stored stored = stored(all, name);
        told(name, stored.values(), Map.of()).of(request);
        boolean conditional = Etags.requireMatch(ifMatch, Etags.of(stored.version()), "The webhook");
        all.files().remove(name, conditional ? Optional.of(stored.version()) : Optional.empty());
        all.forget(name);
        LOG.info("{} removed webhook {}", by(security), name);
        return Response.noContent().build();
    }

    @Audited("webhook.tested")
    @POST
    @Path("{name}/test")
    @Operation(
            summary = "Sends a message of type webhook.test, now and once",
            description =
                    "Answers when the endpoint did, at the latest after its time limit. 429 while others are tested")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = "Its file was written by hand and cannot work")
    public Tested test(@PathParam("name") String name, @Context HttpServletRequest request) {
        told(name, Map.of(), Map.of()).of(request);
        Webhooks all = webhooks();
        Settings written = checked(() -> stored(all, name).settings());
        // A placeholder is filled in only where the settings are carried out.
        Settings settings = all.courier(name)
                .map(Courier::settings)
                .filter(running -> written.hasPlaceholder())
                .orElse(written);
        long beginNs = System.nanoTime();
        Answer answer = checked(() -> {
            try {
                return all.test(settings);
            } catch (Webhooks.BusyException busy) {
                throw new ProblemException(
                        Problem.tooManyRequests("Other webhooks are being tested. Try again in a moment.", 1), busy);
            }
        });
        return new Tested(
                answer.kind() == Answer.Kind.DELIVERED,
                Optional.of(answer.status()).filter(status -> status > 0),
                answer.detail(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs));
    }

    @Audited("webhook.changed")
    @POST
    @Path("{name}/secret")
    @Operation(
            summary = "Makes another secret, with which messages are signed from now on",
            description = "The answer is the only one that has it.")
    @ApiResponse(
            responseCode = "200",
            description = "Made",
            content = @Content(schema = @Schema(implementation = WebhookView.class)))
    @ApiResponse(responseCode = "409", description = "Its file was written by hand and cannot work")
    public Response secret(
            @PathParam("name") String name, @Context SecurityContext security, @Context HttpServletRequest request) {
        Webhooks all = webhooks();
        String secret = Signature.freshSecret();
        stored(all, name);
        told(name, Map.of(), Map.of(Settings.SECRET, secret)).of(request);
        all.files()
                .change(
                        name,
                        Optional.empty(),
                        Map.of(Settings.SECRET, all.secrets().seal(name, Settings.SECRET, secret)));
        LOG.info("{} made another secret for webhook {}", by(security), name);
        return answer(Response.ok(), name, Optional.of(secret)).build();
    }

    /** Where events go, and that secrets were set; none of them, and nothing of the address behind the host. */
    private static AuditFields told(String name, Map<String, String> before, Map<String, String> after) {
        return new AuditFields("webhook/" + name, told(before), told(after));
    }

    private static Map<String, String> told(Map<String, String> values) {
        Map<String, String> told = new TreeMap<>();
        for (Map.Entry<String, String> value : values.entrySet()) {
            switch (value.getKey()) {
                case Settings.URL -> told.put("host", host(value.getValue()));
                case Settings.SECRET, Settings.HEADERS ->
                    told.put(value.getKey(), value.getValue().isEmpty() ? "none" : "set");
                default -> told.put(value.getKey(), value.getValue());
            }
        }
        return told;
    }

    private static String host(String url) {
        try {
            String authority = new URI(url.strip()).getAuthority();
            return authority == null ? "" : authority.substring(authority.indexOf('@') + 1);
        } catch (URISyntaxException e) {
            return "";
        }
    }

    /** As with cameras' passwords: what was entered for one host is sent to no other. */
    private static void checkWhereSecretsGo(EndpointFiles.Stored stored, WebhookDraft draft) {
        if (draft.url().isEmpty()
                || draft.headers().isPresent()
                || stored.values().getOrDefault(Settings.HEADERS, "").isEmpty()) {
            return;
        }
        URI next = checked(() -> Settings.url(draft.url().get().strip()));
        URI now = checked(() -> Settings.url(stored.values().getOrDefault(Settings.URL, "")));
        boolean same = now.getScheme().equalsIgnoreCase(next.getScheme())
                && now.getHost().equalsIgnoreCase(next.getHost())
                && now.getPort() == next.getPort();
        if (!same) {
            throw Problem.validation(
                            "headers",
                            "Headers were entered for another scheme, host or port. Give them again, or {} for none.")
                    .exception();
        }
    }

    private Response.ResponseBuilder answer(Response.ResponseBuilder response, String name, Optional<String> secret) {
        Webhooks all = webhooks();
        EndpointFiles.Stored stored = stored(all, name);
        WebhookView view = WebhookView.of(stored, all, secret)
                .orElseThrow(() -> Problem.conflict("The file of this webhook was written by hand and cannot work; see"
                                + " nxvms:integrations for what is wrong with it.")
                        .exception());
        return response.header(HttpHeaders.ETAG, Etags.of(stored.version())).entity(view);
    }

    private static EndpointFiles.Stored stored(Webhooks all, String name) {
        return all.files().find(name).orElseThrow(() -> Problem.notFound(
                        "There is no webhook of this name. GET " + BASE + " lists them.")
                .exception());
    }

    private static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (ProblemException known) {
            throw known;
        } catch (IllegalArgumentException cannotWork) {
            String field = cannotWork.getMessage().split(" ", 2)[0];
            throw new ProblemException(Problem.validation(field, cannotWork.getMessage() + "."), cannotWork);
        }
    }

    private static String by(SecurityContext security) {
        return Caller.of(security).getName();
    }

    private Webhooks webhooks() {
        return Absent.require(webhooks.get(), "The webhook integration");
    }
}
