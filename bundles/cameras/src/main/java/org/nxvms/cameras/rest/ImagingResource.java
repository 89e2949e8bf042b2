// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
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
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/cameras/{id}/imaging}: see docs/design/rest.md. */
@Path("{id}/imaging")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class ImagingResource {
    private final Supplier<CameraControl> control;
    private final Supplier<EventPublisher> events;

    /** @param events answers null while nobody takes events */
    ImagingResource(Supplier<CameraControl> control, Supplier<EventPublisher> events) {
        this.control = control;
        this.events = events;
    }

    /** What a camera does once. */
    @Schema(name = "ImagingAction")
    public record ActionView(
            String name, @Schema(description = "By language, as in BCP 47") Map<String, String> title) {}

    /** How a camera makes its picture. */
    @Schema(name = "Imaging")
    public record ImagingView(
            List<SettingView> settings,
            @Schema(description = "By the setting's name; left out where the camera does not say")
                    Map<String, String> values,
            List<ActionView> actions) {
        static ImagingView of(Imaging imaging) throws DriverException {
            List<DriverSetting> settings = described(imaging);
            return new ImagingView(
                    settings.stream().map(SettingView::of).toList(),
                    told(settings, imaging.values()),
                    imaging.actions().stream()
                            .limit(Imaging.DESCRIBED_MAX)
                            .map(action ->
                                    new ActionView(action.name(), action.title().byLanguage()))
                            .toList());
        }
    }

    /** What shall be changed. */
    @Schema(name = "ImagingChange")
    public record ChangeBody(@Schema(description = "By the setting's name; at least one") Map<String, String> values) {}

    @GET
    @Requires(value = Permission.CONTROL_IMAGING, camera = "id")
    @Operation(summary = "What can be set of a camera's picture, and how it is set", description = "Asks the camera.")
    @ApiResponse(
            responseCode = "200",
            description = "What was asked for, with the ETag of its values",
            content = @Content(schema = @Schema(implementation = ImagingView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response imaging(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return answer(control().ask(id, Imaging.class, ImagingView::of));
    }

    private static Response answer(ImagingView view) {
        return Tagged.ok(view, Tagged.tag(view.values()));
    }

    @Audited("imaging.changed")
    @PATCH
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change how a camera makes its picture",
            description = "At once and for good, for everybody who watches and for what is recorded.")
    @ApiResponse(
            responseCode = "200",
            description = "Done, with the new ETag",
            content = @Content(schema = @Schema(implementation = ImagingView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response change(
            @Context SecurityContext context,
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            ChangeBody body,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        if (body == null || body.values() == null || body.values().isEmpty()) {
            throw Problem.malformed(
                            "values", "\"values\" is missing or empty. Send {\"values\":{\"brightness\":\"60\"}}.")
                    .exception();
        }
        Map<String, String> changes = given(body.values());
        String user = Caller.of(context).getName();
        new AuditFields(CameraNotes.subject(id), Map.of(), changes).of(request);
        Outcome outcome = Telling.ask(request, telling -> control().ask(id, Imaging.class, imaging -> {
            Map<String, String> wrong = DriverSetting.problems(described(imaging), changes);
            if (!wrong.isEmpty()) {
                return new Outcome(wrong, Optional.empty(), Map.of(), Optional.empty());
            }
            Optional<ProblemException> stale = ifMatch == null ? Optional.empty() : stale(ifMatch, imaging);
            if (stale.isPresent()) {
                return new Outcome(Map.of(), stale, Map.of(), Optional.empty());
            }
            Map<String, String> before = told(described(imaging), imaging.values());
            before.keySet().retainAll(changes.keySet());
            ImagingView now = telling.of(() -> {
                imaging.change(changes);
                say(id, user, changes);
                return ImagingView.of(imaging);
            });
            return new Outcome(Map.of(), Optional.empty(), before, Optional.of(now));
        }));
        if (!outcome.wrong().isEmpty()) {
            Map<String, String> fields = new TreeMap<>();
            outcome.wrong().forEach((name, said) -> fields.put("values." + name, "It " + said + "."));
            throw Problem.validation(fields).exception();
        }
        if (outcome.stale().isPresent()) {
            throw outcome.stale().get();
        }
        AuditFields.changed(CameraNotes.subject(id), outcome.before(), changes).of(request);
        return answer(outcome.now().orElseThrow());
    }

    /** Wrong, stale, or now, with what was before; what is thrown in a conversation would be the driver's fault. */
    private record Outcome(
            Map<String, String> wrong,
            Optional<ProblemException> stale,
            Map<String, String> before,
            Optional<ImagingView> now) {}

    private static Optional<ProblemException> stale(String ifMatch, Imaging imaging) throws DriverException {
        try {
            Etags.requireMatch(ifMatch, Tagged.tag(told(described(imaging), imaging.values())), "The picture");
            return Optional.empty();
        } catch (ProblemException stale) {
            return Optional.of(stale);
        }
    }

    private static Map<String, String> given(Map<String, String> values) {
        values.forEach((name, value) -> {
            if (value == null) {
                throw Problem.malformed("values." + name, "\"values." + name + "\" is null. Send a text.")
                        .exception();
            }
        });
        return Map.copyOf(values);
    }

    @Audited(value = "imaging.performed", often = true)
    @POST
    @Path("actions/{name}")
    @Requires(value = Permission.CONTROL_IMAGING, camera = "id")
    @Operation(summary = "Let the camera do something once: wipe its window, focus")
    @ApiResponse(responseCode = "204", description = "The camera has taken it")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response perform(
            @PathParam("id") UUID id, @PathParam("name") String name, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        new AuditFields(CameraNotes.subject(id), Map.of(), Map.of(AuditNote.WAY, name)).of(request);
        control().tell(id, Imaging.class, imaging -> {
            if (imaging.actions().stream().noneMatch(action -> action.name().equals(name))) {
                throw new DriverException(
                        DriverException.Kind.NOT_FOUND,
                        "The camera has no such action; GET .../imaging lists those it has.");
            }
            imaging.perform(name);
        });
        return Response.noContent().build();
    }

    private static List<DriverSetting> described(Imaging imaging) throws DriverException {
        return imaging.settings().stream().limit(Imaging.DESCRIBED_MAX).toList();
    }

    /** What a driver tells of settings it has not described is of no use to anybody. */
    private static Map<String, String> told(List<DriverSetting> settings, Map<String, String> values) {
        Map<String, String> told = new TreeMap<>();
        for (DriverSetting setting : settings) {
            String value = values.get(setting.name());
            if (value != null && value.length() <= DriverSetting.VALUE_CHARS_MAX) {
                told.put(setting.name(), value);
            }
        }
        return told;
    }

    private void say(UUID camera, String user, Map<String, String> changes) {
        EventPublisher bus = events.get();
        if (bus != null) {
            String what = new TreeMap<>(changes)
                    .entrySet().stream()
                            .map(change -> change.getKey() + "=" + change.getValue())
                            .collect(Collectors.joining(", "));
            bus.pulse(
                    EventFact.of(
                            EventSource.camera(camera, ""),
                            EventKinds.CAMERA_IMAGING_CHANGED,
                            EventSeverity.INFO,
                            "",
                            EventAttributes.of(Map.of("user", user, "changed", what))),
                    System.currentTimeMillis() * 1_000);
        }
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
