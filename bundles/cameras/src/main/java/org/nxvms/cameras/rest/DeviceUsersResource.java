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
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DeviceUsers.Level;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * {@code /api/v1/cameras/{id}/device/users}: who may log in at the device itself (ADR 138). Passwords go to the device; neither
 * an answer nor the audit has one.
 */
@Path("{id}/device/users")
@Server(url = CamerasResource.BASE)
@Tag(name = "Cameras")
@Produces(MediaType.APPLICATION_JSON)
public final class DeviceUsersResource {
    private static final String LEVELS = Arrays.stream(Level.values())
            .filter(level -> level != Level.OTHER)
            .map(DeviceUsersResource::word)
            .collect(Collectors.joining(", "));

    private final Supplier<CameraRegistry> registry;
    private final Supplier<CameraControl> control;

    DeviceUsersResource(Supplier<CameraRegistry> registry, Supplier<CameraControl> control) {
        this.registry = registry;
        this.control = control;
    }

    /** A user of a device. */
    @Schema(name = "DeviceUser")
    public record UserView(
            String name,
            @Schema(
                            type = "string",
                            allowableValues = {"administrator", "operator", "viewer", "other"},
                            description = "other: something of the device's own")
                    Level level,
            @Schema(description = "Whether this server logs in by it; such a one is neither changed nor removed here")
                    boolean ours) {}

    /** A user that is wanted, or what shall change of one. */
    @Schema(
            name = "DeviceUserDraft",
            example = "{\"name\":\"guard\",\"password\":\"Correct-horse-7-battery\",\"level\":\"viewer\"}")
    public record UserBody(
            @Schema(description = "1..128 characters; not of one that is changed") Optional<String> name,
            @Schema(
                            description = "1..128 characters; sent to the device and kept nowhere",
                            accessMode = Schema.AccessMode.WRITE_ONLY)
                    Optional<String> password,
            @Schema(allowableValues = {"administrator", "operator", "viewer"}) Optional<String> level) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "UserBody[" + name.orElse("") + " " + level.orElse("") + "]";
        }
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    @GET
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Who may log in at the device itself", description = "Asks the device.")
    @ApiResponse(responseCode = "200", description = "What was asked for")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Page<UserView> list(@PathParam("id") UUID id) throws DriverException, DriverMissingException {
        return Page.whole(control().ask(id, DeviceUsers.class, DeviceUsers::users).stream()
                .limit(DeviceUsers.USERS_MAX)
                .map(user -> new UserView(user.name(), user.level(), isOurs(id, user.name())))
                .toList());
    }

    @Audited("device.user_added")
    @POST
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Add a user to the device",
            description =
                    "The password is sent to the device as it is: by an address that begins with http others in its"
                            + " network can read it.")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = UserView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response add(@PathParam("id") UUID id, UserBody body, @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        UserBody given = given(body);
        Fields fields = new Fields();
        String name = fields.text(given.name(), "name", DeviceUsers.CHARS_MAX);
        fields.check(name.chars().noneMatch(Character::isISOControl), "name", "\"name\" holds a control character.");
        check(fields, given.password().orElse(""));
        Optional<Level> level = level(fields, given.level().orElse(""));
        fields.throwIfAny();
        note(request, id, name, Map.of("level", word(level.orElseThrow())));
        DeviceUsers.User user = new DeviceUsers.User(name, level.orElseThrow());
        act(request, id, name, null, users -> users.add(user, given.password().orElseThrow()));
        return Response.created(URI.create(CamerasResource.BASE + "/" + id + "/device/users/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")))
                .entity(new UserView(name, level.orElseThrow(), isOurs(id, name)))
                .build();
    }

    @GET
    @Path("{name}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "One user of the device", description = "Asks the device.")
    @ApiResponse(
            responseCode = "200",
            description = "What was asked for, with its ETag",
            content = @Content(schema = @Schema(implementation = UserView.class)))
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response get(@PathParam("id") UUID id, @PathParam("name") String name)
            throws DriverException, DriverMissingException {
        DeviceUsers.User user = control().ask(id, DeviceUsers.class, users -> find(users, name));
        return Tagged.ok(new UserView(user.name(), user.level(), isOurs(id, name)), tag(user));
    }

    private static DeviceUsers.User find(DeviceUsers users, String name) throws DriverException {
        return users.users().stream()
                .filter(user -> user.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new DriverException(DriverException.Kind.NOT_FOUND, "The camera has no user '" + name + "'."));
    }

    private static String tag(DeviceUsers.User user) {
        return Tagged.tag(Map.of("name", user.name(), "level", user.level()));
    }

    @Audited("device.user_changed")
    @PATCH
    @Path("{name}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Give a user of the device another password, another level, or both",
            description =
                    "Not the one that this server logs in by: add another, let the camera use that one, then change it.")
    @ApiResponse(responseCode = "204", description = "Changed")
    @ApiResponse(responseCode = "409", description = "This server logs in by it")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response change(
            @PathParam("id") UUID id,
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            UserBody body,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        UserBody given = given(body);
        Fields fields = new Fields()
                .check(given.name().isEmpty(), "name", "\"name\" cannot be changed. Add another user instead.")
                .check(
                        given.password().isPresent() || given.level().isPresent(),
                        "level",
                        "Nothing is to be changed. Give \"password\", \"level\" or both.");
        given.password().ifPresent(password -> check(fields, password));
        Optional<Level> level = given.level().flatMap(wanted -> level(fields, wanted));
        fields.throwIfAny();
        Map<String, String> noted = new TreeMap<>();
        level.ifPresent(wanted -> noted.put("level", word(wanted)));
        given.password().ifPresent(password -> noted.put("password", "changed"));
        note(request, id, name, noted);
        requireOthers(id, name);
        act(request, id, name, ifMatch, users -> users.change(name, given.password(), level));
        return Response.noContent().build();
    }

    @Audited("device.user_removed")
    @DELETE
    @Path("{name}")
    @Requires(value = Permission.MANAGE_CAMERAS, camera = "id")
    @Operation(summary = "Take a user away from the device", description = "Not the one that this server logs in by.")
    @ApiResponse(responseCode = "204", description = "Removed")
    @ApiResponse(responseCode = "409", description = "This server logs in by it")
    @ApiResponse(responseCode = "422", description = CameraProblems.MEANING)
    public Response remove(
            @PathParam("id") UUID id,
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context HttpServletRequest request)
            throws DriverException, DriverMissingException {
        note(request, id, name, Map.of());
        requireOthers(id, name);
        act(request, id, name, ifMatch, users -> users.remove(name));
        return Response.noContent().build();
    }

    @FunctionalInterface
    private interface Act {
        void on(DeviceUsers users) throws DriverException;
    }

    /** In one conversation: that the user is as the caller saw it, and what is done. */
    private void act(HttpServletRequest request, UUID id, String name, String ifMatch, Act act)
            throws DriverException, DriverMissingException {
        Optional<ProblemException> stale =
                Telling.ask(request, telling -> control().ask(id, DeviceUsers.class, users -> {
                    Optional<ProblemException> other = ifMatch == null
                            ? Optional.<ProblemException>empty()
                            : AsSeen.refusal(ifMatch, tag(find(users, name)), "The user");
                    if (other.isEmpty()) {
                        telling.order(() -> act.on(users));
                    }
                    return other;
                }));
        if (stale.isPresent()) {
            throw stale.get();
        }
    }

    private static UserBody given(UserBody body) {
        if (body == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        return body;
    }

    private static void check(Fields fields, String password) {
        fields.check(
                !password.isEmpty() && password.length() <= DeviceUsers.CHARS_MAX,
                "password",
                "\"password\" must have 1 to " + DeviceUsers.CHARS_MAX + " characters.");
    }

    private static Optional<Level> level(Fields fields, String wanted) {
        Optional<Level> known = Arrays.stream(Level.values())
                .filter(level -> level != Level.OTHER && word(level).equals(wanted))
                .findFirst();
        fields.check(known.isPresent(), "level", "\"level\" must be one of " + LEVELS + ".");
        return known;
    }

    private static void note(HttpServletRequest request, UUID id, String name, Map<String, String> more) {
        Map<String, String> noted = new TreeMap<>(more);
        noted.put("user", name);
        new AuditFields(CameraNotes.subject(id), Map.of(), noted).of(request);
    }

    /** Whether this camera, or another one of the same device, is logged in to by it. */
    private boolean isOurs(UUID id, String name) {
        CameraRegistry cameras = Absent.require(registry.get(), "The camera registry");
        Optional<String> host = cameras.find(id).map(camera -> camera.address().getHost());
        return cameras.list().stream()
                .filter(camera -> camera.id().equals(id)
                        || host.isPresent()
                                && host.equals(
                                        Optional.ofNullable(camera.address().getHost())))
                .map(Camera::username)
                .anyMatch(Optional.of(name)::equals);
    }

    private void requireOthers(UUID id, String name) {
        if (isOurs(id, name)) {
            throw Problem.conflict(
                            "This server logs in to the device as this user. Add another one, let the camera use it"
                                    + " (PATCH " + CamerasResource.BASE + "/" + id
                                    + "), then change or remove this one.")
                    .exception();
        }
    }

    private CameraControl control() {
        return Absent.require(control.get(), "The control of cameras");
    }
}
