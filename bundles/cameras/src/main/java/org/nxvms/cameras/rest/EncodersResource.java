// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.driver.spi.VideoEncoders.Encoder;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/cameras/{id}/encoders}: how a device encodes its streams, and what came of a change (ADR 141). */
@Path("{id}/encoders")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class EncodersResource {
    private final Supplier<CameraControl> control;

    EncodersResource(Supplier<CameraControl> control) {
        this.control = control;
    }

    @GET
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(
            summary = "How the device encodes its streams, and what it can be set to",
            description = "Asks the device. The encoder of the main stream is the first.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<EncoderView> list(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return Page.whole(control().ask(id, VideoEncoders.class, VideoEncoders::encoders).stream()
                .limit(VideoEncoders.ENCODERS_MAX)
                .map(EncoderView::of)
                .toList());
    }

    @GET
    @Path("{token}")
    @Requires(value = Permission.VIEW_CONFIGURATION, camera = "id")
    @Operation(summary = "One encoder of the device", description = "Asks the device.")
    @ApiResponse(
            responseCode = "200",
            description = "What was asked for, with the ETag of its settings",
            content = @Content(schema = @Schema(implementation = EncoderView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response get(@PathParam("id") UUID id, @PathParam("token") String token)
            throws DriverException, DriverMissingException {
        Encoder encoder = control().ask(id, VideoEncoders.class, encoders -> find(encoders, token));
        return Tagged.ok(EncoderView.of(encoder), tag(encoder.settings()));
    }

    @Audited("encoder.changed")
    @PATCH
    @Path("{token}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change how one encoder of the device is set",
            description =
                    "At once and for good, for everybody who watches and for what is recorded; the device may end its"
                            + " streams for a moment. Fields that are left out stay as they are, or, with another codec, as"
                            + " the device likes them. The device is asked afterwards what it has made of it: \"differences\""
                            + " says where that is not what was asked for, or, where nothing was, not what it was.")
    @ApiResponse(
            responseCode = "200",
            description = "What the device has now, with the new ETag",
            content = @Content(schema = @Schema(implementation = ChangedView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response set(
            @PathParam("id") UUID id,
            @PathParam("token") String token,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            EncoderBody body,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        body.check();
        new AuditFields(CameraNotes.subject(id), Map.of(), noted(token, body.values())).of(request);
        Outcome outcome = Telling.ask(request, telling -> control()
                .ask(id, VideoEncoders.class, encoders -> outcome(encoders, token, ifMatch, body, telling)));
        if (!outcome.wrong().isEmpty()) {
            Map<String, String> sentences = new TreeMap<>();
            outcome.wrong().forEach((name, said) -> sentences.put(name, "\"" + name + "\" " + said + "."));
            throw Problem.validation(sentences).exception();
        }
        if (outcome.stale().isPresent()) {
            throw outcome.stale().get();
        }
        Encoder before = outcome.before();
        EncoderSettings got = outcome.got().orElseThrow();
        AuditFields changed =
                AuditFields.changed(CameraNotes.subject(id), before.settings().values(), got.values());
        new AuditFields(changed.subject(), changed.before(), noted(token, changed.after())).of(request);
        return Tagged.ok(ChangedView.of(before.settings(), body, got), tag(got));
    }

    private static Map<String, String> noted(String token, Map<String, String> values) {
        Map<String, String> noted = new TreeMap<>(values);
        noted.put("encoder", token);
        return noted;
    }

    /** Wrong, stale, or done. */
    private record Outcome(
            Encoder before,
            Map<String, String> wrong,
            Optional<ProblemException> stale,
            Optional<EncoderSettings> got) {}

    private static Outcome outcome(
            VideoEncoders encoders, String token, String ifMatch, EncoderBody body, Telling telling)
            throws DriverException {
        Encoder before = find(encoders, token);
        EncoderSettings wanted = body.settings(before.settings());
        Optional<ProblemException> stale = AsSeen.refusal(ifMatch, tag(before.settings()), "The encoder");
        Map<String, String> wrong = stale.isPresent() ? Map.of() : before.problems(wanted);
        boolean works = stale.isEmpty() && wrong.isEmpty();
        return new Outcome(
                before,
                wrong,
                stale,
                works ? Optional.of(telling.of(() -> encoders.set(token, wanted))) : Optional.empty());
    }

    private static Encoder find(VideoEncoders encoders, String token) throws DriverException {
        return encoders.encoders().stream()
                .filter(encoder -> encoder.token().equals(token))
                .findFirst()
                .orElseThrow(() -> new DriverException(
                        DriverException.Kind.NOT_FOUND,
                        "The camera has no video encoder '" + token + "'; GET .../encoders lists those it has."));
    }

    private static String tag(EncoderSettings settings) {
        return Tagged.tag(settings.values());
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
