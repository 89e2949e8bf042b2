// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
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
import org.nxvms.cameras.rest.PrivacyMaskViews.AllView;
import org.nxvms.cameras.rest.PrivacyMaskViews.ChangeView;
import org.nxvms.cameras.rest.PrivacyMaskViews.MaskView;
import org.nxvms.cameras.rest.PrivacyMaskViews.OptionsView;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.PrivacyMasks.Mask;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/cameras/{id}/privacy-masks}: what a device hides of its picture, and what came of a change (ADR 175). */
@Path("{id}/privacy-masks")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class PrivacyMasksResource {
    private final Supplier<CameraControl> control;

    PrivacyMasksResource(Supplier<CameraControl> control) {
        this.control = control;
    }

    @GET
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(
            summary = "What the device hides of its picture, and what it can",
            description = "Asks the device. Those that are off are among them.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public AllView list(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return control()
                .ask(
                        id,
                        PrivacyMasks.class,
                        masks -> new AllView(
                                OptionsView.of(masks.options()),
                                masks.masks().stream()
                                        .limit(PrivacyMasks.MASKS_MAX)
                                        .map(MaskView::of)
                                        .toList()));
    }

    @Audited("privacy_mask.added")
    @POST
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Let the device hide a part of its picture",
            description =
                    "From then on, in all that it sends: for everybody who watches, and in what is recorded. What was recorded"
                            + " before stays as it is. The device is asked afterwards what it has made of it: \"differences\""
                            + " says where that is not what was asked for.")
    @ApiResponse(
            responseCode = "201",
            description = "What the device has now",
            content = @Content(schema = @Schema(implementation = ChangeView.class)))
    @ApiResponse(responseCode = "409", description = "There are as many masks as the device can have")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response add(@PathParam("id") UUID id, PrivacyMaskBody body, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        given(body).check(true);
        new AuditFields(CameraNotes.subject(id), Map.of(), body.values()).of(request);
        Outcome outcome = ask(id, request, (masks, telling) -> added(masks, body, telling));
        Mask got = outcome.got();
        new AuditFields(
                        CameraNotes.subject(id),
                        Map.of(),
                        noted(got.token(), got.settings().values()))
                .of(request);
        return Response.created(URI.create(CamerasResource.BASE + "/" + id + "/privacy-masks/"
                        + URLEncoder.encode(got.token(), StandardCharsets.UTF_8).replace("+", "%20")))
                .entity(ChangeView.of(got, outcome.wanted().orElseThrow()))
                .header(HttpHeaders.ETAG, tag(got))
                .build();
    }

    @GET
    @Path("{token}")
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(summary = "One privacy mask of the device", description = "Asks the device.")
    @ApiResponse(
            responseCode = "200",
            description = "What was asked for, with its ETag",
            content = @Content(schema = @Schema(implementation = MaskView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response get(@PathParam("id") UUID id, @PathParam("token") String token)
            throws DriverException, DriverMissingException {
        Mask mask = control().ask(id, PrivacyMasks.class, masks -> find(masks, token));
        return Tagged.ok(MaskView.of(mask), tag(mask));
    }

    @Audited("privacy_mask.changed")
    @PATCH
    @Path("{token}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Move a privacy mask of the device, switch it on or off, or let it hide otherwise",
            description = "Fields that are left out stay as they are. Else as adding one.")
    @ApiResponse(
            responseCode = "200",
            description = "What the device has now, with the new ETag",
            content = @Content(schema = @Schema(implementation = ChangeView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response change(
            @PathParam("id") UUID id,
            @PathParam("token") String token,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            PrivacyMaskBody body,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        given(body).check(false);
        new AuditFields(CameraNotes.subject(id), Map.of(), noted(token, body.values())).of(request);
        Outcome outcome = ask(id, request, (masks, telling) -> changed(masks, token, ifMatch, body, telling));
        Mask got = outcome.got();
        AuditFields changed = AuditFields.changed(
                CameraNotes.subject(id),
                outcome.before().orElseThrow().settings().values(),
                got.settings().values());
        new AuditFields(changed.subject(), changed.before(), noted(token, changed.after())).of(request);
        return Tagged.ok(ChangeView.of(got, outcome.wanted().orElseThrow()), tag(got));
    }

    @Audited("privacy_mask.removed")
    @DELETE
    @Path("{token}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Take a privacy mask away from the device", description = "What it hid is seen from then on.")
    @ApiResponse(responseCode = "204", description = "Removed")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response remove(
            @PathParam("id") UUID id,
            @PathParam("token") String token,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        new AuditFields(CameraNotes.subject(id), Map.of(), noted(token, Map.of())).of(request);
        Outcome outcome = ask(id, request, (masks, telling) -> {
            Mask before = find(masks, token);
            Optional<ProblemException> stale = AsSeen.refusal(ifMatch, tag(before), "The privacy mask");
            if (stale.isEmpty()) {
                telling.order(() -> masks.remove(token));
            }
            return new Outcome(Optional.of(before), Optional.empty(), stale, Optional.empty());
        });
        outcome.throwRefusal();
        new AuditFields(
                        CameraNotes.subject(id),
                        outcome.before().orElseThrow().settings().values(),
                        noted(token, Map.of()))
                .of(request);
        return Response.noContent().build();
    }

    private static PrivacyMaskBody given(PrivacyMaskBody body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }

    private static Map<String, String> noted(String token, Map<String, String> values) {
        Map<String, String> noted = new TreeMap<>(values);
        noted.put("mask", token);
        return noted;
    }

    /** Refused, or done. What is thrown in a conversation would be the driver's fault, so that it is carried out of it. */
    private record Outcome(
            Optional<Mask> before,
            Optional<MaskSettings> wanted,
            Optional<ProblemException> refusal,
            Optional<Mask> made) {
        void throwRefusal() {
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }

        Mask got() {
            throwRefusal();
            return made.orElseThrow();
        }
    }

    private Outcome ask(UUID id, HttpServletRequest request, Telling.Conversation<PrivacyMasks, Outcome> conversation)
            throws DriverException, DriverMissingException {
        return Telling.ask(
                request, telling -> control().ask(id, PrivacyMasks.class, masks -> conversation.hold(masks, telling)));
    }

    private static Outcome added(PrivacyMasks masks, PrivacyMaskBody body, Telling telling) throws DriverException {
        PrivacyMasks.Options options = masks.options();
        MaskSettings wanted = body.settings(options);
        Optional<ProblemException> refusal = refusal(options.problems(wanted));
        List<Mask> before = masks.masks();
        if (refusal.isEmpty() && before.size() >= options.masksMax()) {
            refusal = Optional.of(Problem.conflict("The camera has " + before.size()
                            + " privacy masks, and no place for more. Remove one first, or change one.")
                    .exception());
        }
        Optional<Mask> made = Optional.empty();
        if (refusal.isEmpty()) {
            try {
                made = Optional.of(telling.of(() -> masks.create(wanted)));
            } catch (DriverException e) {
                if (e.kind() != DriverException.Kind.BUSY) {
                    throw e;
                }
                // It may have masks that cannot be told, so that only the driver knows that there is no place.
                refusal = Optional.of(Problem.conflict(e.getMessage()).exception());
            }
        }
        return new Outcome(Optional.empty(), Optional.of(wanted), refusal, made);
    }

    private static Outcome changed(
            PrivacyMasks masks, String token, String ifMatch, PrivacyMaskBody body, Telling telling)
            throws DriverException {
        Mask before = find(masks, token);
        MaskSettings wanted = body.settings(before.settings());
        Optional<ProblemException> refusal = AsSeen.refusal(ifMatch, tag(before), "The privacy mask");
        if (refusal.isEmpty()) {
            refusal = refusal(masks.options().problems(wanted, before.settings()));
        }
        return new Outcome(
                Optional.of(before),
                Optional.of(wanted),
                refusal,
                refusal.isEmpty() ? Optional.of(telling.of(() -> masks.change(token, wanted))) : Optional.empty());
    }

    private static Optional<ProblemException> refusal(Map<String, String> problems) {
        Map<String, String> sentences = new TreeMap<>();
        problems.forEach((name, said) -> sentences.put(name, "\"" + name + "\" " + said + "."));
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.validation(sentences).exception());
    }

    private static Mask find(PrivacyMasks masks, String token) throws DriverException {
        return masks.masks().stream()
                .filter(mask -> mask.token().equals(token))
                .findFirst()
                .orElseThrow(() -> new DriverException(
                        DriverException.Kind.NOT_FOUND,
                        "The camera has no privacy mask '" + token + "'; GET .../privacy-masks lists those it has."));
    }

    private static String tag(Mask mask) {
        return Tagged.tag(mask.settings().values());
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
