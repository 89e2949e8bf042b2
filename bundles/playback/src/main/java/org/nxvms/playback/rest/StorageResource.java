// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.DefaultValue;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.archive.VolumeFootage;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** Volumes: what lies on them, and adding, changing and removing them. */
@Path("/")
@Server(url = StorageResource.BASE)
@Tag(name = "Storage")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.VIEW_HEALTH)
public final class StorageResource {
    static final String BASE = "/api/v1/storage";
    private final Supplier<Archive> archive;
    private final Supplier<VolumeAdmin> admin;
    private final Supplier<VolumeMoves> moves;
    private final Supplier<VolumeBackups> backups;
    private final Supplier<VolumeFootage> footage;

    StorageResource(
            Supplier<Archive> archive,
            Supplier<VolumeAdmin> admin,
            Supplier<VolumeMoves> moves,
            Supplier<VolumeBackups> backups,
            Supplier<VolumeFootage> footage) {
        this.archive = archive;
        this.admin = admin;
        this.moves = moves;
        this.backups = backups;
        this.footage = footage;
    }

    @GET
    @Path("volumes")
    @Operation(summary = "Volumes, their state and free space")
    public Page<VolumeItem> volumes() {
        return items();
    }

    @GET
    @Path("usage")
    @Operation(summary = "What lies on each volume")
    public Page<VolumeItem> usage() {
        return items();
    }

    @Audited("volume.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Path("volumes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Permission.MANAGE_STORAGE)
    @Operation(summary = "Adds a volume in a folder; it is examined and used within seconds")
    @ApiResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = VolumeConfiguration.class)))
    @ApiResponse(responseCode = "409", description = "The name is taken")
    public Response add(VolumeDraft draft, @Context HttpServletRequest request) {
        VolumeSettings settings = checked(draft::settings);
        VolumeConfiguration wished = VolumeConfiguration.of(settings.name(), settings.role(), settings.limits());
        noted(settings.name(), Map.of(), wished.fields(Optional.of(settings.path())))
                .of(request);
        requireApart(settings.path());
        try {
            volumeAdmin().add(settings);
        } catch (IllegalStateException taken) {
            throw Problem.conflict(sentence(taken)).exception();
        }
        return Response.created(URI.create("volumes/" + settings.name()))
                .header(HttpHeaders.ETAG, Tagged.tag(wished))
                .entity(wished)
                .build();
    }

    private static AuditFields noted(String name, Map<String, String> before, Map<String, String> after) {
        return AuditFields.changed("volume/" + name, before, after);
    }

    /**
     * Two volumes of which one lies within the other would count and remove each other's files, also when one of them is
     * not in use just now.
     */
    private void requireApart(String path) {
        Map<String, String> folders = new TreeMap<>(volumeAdmin().folders());
        for (VolumeUsage used : Absent.require(archive.get(), "The archive").volumes()) {
            folders.put(used.name(), used.location());
        }
        java.nio.file.Path wished = java.nio.file.Path.of(path).normalize();
        folders.forEach((name, folder) -> {
            java.nio.file.Path there = java.nio.file.Path.of(folder).normalize();
            if (wished.startsWith(there) || there.startsWith(wished)) {
                throw Problem.validation(
                                "path",
                                "\"path\" must not overlap with " + there + ", the folder of volume " + name
                                        + ". Choose a folder beside it.")
                        .exception();
            }
        });
    }

    @GET
    @Path("volumes/{name}")
    @Operation(summary = "How a volume is configured")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = VolumeConfiguration.class)))
    public Response configuration(@PathParam("name") String name) {
        return Tagged.ok(view(name));
    }

    private VolumeConfiguration view(String name) {
        return VolumeConfiguration.of(name, role(name), limits(name));
    }

    private VolumeSettings.Role role(String name) {
        return volumeAdmin().backups().contains(name) ? VolumeSettings.Role.BACKUP : VolumeSettings.Role.RECORD;
    }

    private VolumeSettings.Limits limits(String name) {
        return Optional.ofNullable(volumeAdmin().volumes().get(name))
                .orElseThrow(() -> new NoSuchResourceException("There is no volume " + name));
    }

    @Audited("volume.changed")
    @PATCH
    @Path("volumes/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Permission.MANAGE_STORAGE)
    @Operation(
            summary =
                    "Changes reserve, quota, weight, days or encryption; applied within seconds, without a gap in footage")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now, with its new ETag",
            content = @Content(schema = @Schema(implementation = VolumeConfiguration.class)))
    public Response change(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            VolumeChange change,
            @Context HttpServletRequest request) {
        noted(name, Map.of(), Map.of()).of(request);
        VolumeSettings.Limits before = limits(name);
        VolumeConfiguration seen = VolumeConfiguration.of(name, role(name), before);
        Etags.requireMatch(ifMatch, Tagged.tag(seen), "The volume");
        VolumeSettings.Limits limits = checked(() -> change.over(before));
        volumeAdmin().change(name, limits);
        VolumeConfiguration now = VolumeConfiguration.of(name, role(name), limits);
        noted(name, seen.fields(Optional.empty()), now.fields(Optional.empty())).of(request);
        return Tagged.ok(now);
    }

    @Audited("volume.removed")
    @DELETE
    @Path("volumes/{name}")
    @Requires(Permission.MANAGE_STORAGE)
    @Operation(
            summary = "Takes a volume out of use; footage on it stays and can be seen when it is added again",
            description =
                    "With footage on it that is nowhere else only when `keepFiles` says so: its time is then a gap"
                            + " `volume_absent` until the volume is added again.")
    @ApiResponse(responseCode = "204", description = "Out of use within seconds")
    @ApiResponse(
            responseCode = "409",
            description = "It is the last one that takes footage, or footage would go out of reach")
    public Response remove(
            @PathParam("name") String name,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @DefaultValue("false") @QueryParam("keepFiles") boolean keepFiles,
            @Context HttpServletRequest request) {
        noted(name, Map.of(), keepFiles ? Map.of("keepFiles", "true") : Map.of())
                .of(request);
        if (ifMatch != null) {
            Etags.requireMatch(ifMatch, Tagged.tag(view(name)), "The volume");
        }
        Optional<UUID> id = identity(name);
        if (id.isEmpty() || hasTwin(name, id.get())) {
            // It was never initialised, or its folder stays in use under another name.
            out(name);
            return Response.noContent().build();
        }
        VolumeFootage rows = Absent.require(footage.get(), "The archive");
        if (!keepFiles) {
            requireNothingOnly(name, rows.onlyOn(id.get()));
        }
        // First, so that nothing in between leaves rows behind of which nobody knows.
        rows.leaves(id.get(), name);
        try {
            out(name);
        } catch (RuntimeException refused) {
            rows.stays(id.get());
            throw refused;
        }
        return Response.noContent().build();
    }

    private Optional<UUID> identity(String name) {
        try {
            return volumeAdmin().identity(name);
        } catch (IllegalStateException notKnown) {
            throw Problem.conflict(sentence(notKnown)).exception();
        }
    }

    private boolean hasTwin(String name, UUID id) {
        return volumeAdmin().volumes().keySet().stream()
                .filter(other -> !other.equals(name))
                .anyMatch(other -> isKnownAs(other, id));
    }

    private boolean isKnownAs(String name, UUID id) {
        try {
            return volumeAdmin().identity(name).filter(id::equals).isPresent();
        } catch (IllegalStateException notKnown) {
            return false;
        }
    }

    private void out(String name) {
        try {
            volumeAdmin().remove(name);
        } catch (IllegalStateException last) {
            throw Problem.conflict(sentence(last)).exception();
        }
    }

    private void requireNothingOnly(String name, VolumeFootage.Only only) {
        if (only.segments() > 0) {
            String remedy = volumeAdmin().backups().contains(name)
                    ? "Wait until its days are over, or send"
                    : "Retire it first, so that it is moved, or send";
            throw Problem.conflict("Volume " + name + " holds " + only.segments() + " segments (" + only.bytes()
                            + " bytes) that are nowhere else. " + remedy
                            + " keepFiles=true: they stay on the disk, and their time is a gap until the volume is"
                            + " added again.")
                    .exception();
        }
    }

    private VolumeAdmin volumeAdmin() {
        return Absent.require(admin.get(), "The configuration of volumes");
    }

    /** The contract's messages begin with the field's name. */
    private static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            String field = wrong.getMessage().split(" ", 2)[0];
            throw Problem.validation(field, wrong.getMessage() + ".").exception();
        }
    }

    private static String sentence(IllegalStateException why) {
        String text = why.getMessage();
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    @Audited("volume.retired")
    @POST
    @Path("volumes/{name}/retirement")
    @Requires(Permission.MANAGE_STORAGE)
    @Operation(
            summary = "Retires a volume: new footage goes to others within seconds, and what is on it is moved to them",
            description =
                    "`moving` of the volume in `GET /volumes` tells how far it is. Removing it when nothing is left"
                            + " is up to the caller.")
    @ApiResponse(responseCode = "202", description = "It begins within seconds")
    @ApiResponse(responseCode = "409", description = "No other volume takes footage, or it is a backup volume")
    public Response retire(@PathParam("name") String name, @Context HttpServletRequest request) {
        noted(name, Map.of(), Map.of()).of(request);
        retire(name, true);
        return Response.accepted().build();
    }

    @Audited("volume.used_again")
    @DELETE
    @Path("volumes/{name}/retirement")
    @Requires(Permission.MANAGE_STORAGE)
    @Operation(summary = "Takes a volume into use again; what was moved stays where it is")
    @ApiResponse(responseCode = "204", description = "Nothing more is moved")
    public Response cancelRetirement(@PathParam("name") String name, @Context HttpServletRequest request) {
        noted(name, Map.of(), Map.of()).of(request);
        retire(name, false);
        return Response.noContent().build();
    }

    private void retire(String name, boolean retired) {
        try {
            volumeAdmin().retire(name, retired);
        } catch (IllegalStateException nowhereToGo) {
            throw Problem.conflict(sentence(nowhereToGo)).exception();
        }
    }

    private Page<VolumeItem> items() {
        List<VolumeUsage> volumes = Absent.require(archive.get(), "The archive").volumes();
        Optional<VolumeAdmin> configured = Optional.ofNullable(admin.get());
        Map<String, VolumeSettings.Limits> limits =
                configured.map(VolumeAdmin::volumes).orElse(Map.of());
        Set<String> retired = configured.map(VolumeAdmin::retired).orElse(Set.of());
        Map<String, VolumeMoves.Move> moving = new TreeMap<>();
        Optional.ofNullable(moves.get())
                .map(VolumeMoves::moves)
                .orElse(List.of())
                .forEach(move -> moving.put(move.volume(), move));
        Map<String, VolumeBackups.Backup> copying = new TreeMap<>();
        Optional.ofNullable(backups.get())
                .map(VolumeBackups::backups)
                .orElse(List.of())
                .forEach(backup -> copying.put(backup.volume(), backup));
        return Page.whole(volumes.stream()
                .map(volume -> VolumeItem.of(
                        volume,
                        Optional.ofNullable(limits.get(volume.name())),
                        retired.contains(volume.name()),
                        Optional.ofNullable(moving.get(volume.name())),
                        Optional.ofNullable(copying.get(volume.name()))))
                .toList());
    }
}
