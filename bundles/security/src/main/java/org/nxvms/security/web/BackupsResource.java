// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.Backups;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.SignIn;

/** A backup for whoever asks, encrypted by a passphrase of theirs while it is sent. */
@Path("/")
@Server(url = BackupsResource.BASE)
@Tag(name = "Backups")
public final class BackupsResource {
    static final String BASE = "/api/v1/backups";

    /** The rows are held as they were at the beginning for as long as it takes. */
    private static final long SENDING_NS_MAX = TimeUnit.MINUTES.toNanos(10);

    private static final int PASSPHRASE_LENGTH_MAX = 1_024;
    private static final int RETRY_SECONDS = 30;

    private final Backups backups;
    private final TokenGuard guard;
    private final SignIn signIn;
    private final LongSupplier nanoClock;

    BackupsResource(Backups backups, TokenGuard guard, SignIn signIn, LongSupplier nanoClock) {
        this.backups = backups;
        this.guard = guard;
        this.signIn = signIn;
        this.nanoClock = nanoClock;
    }

    /**
     * A backup to make.
     *
     * @param passphrase by which it is encrypted
     * @param password of who is signed in; API keys have none
     */
    @Schema(name = "BackupDraft")
    public record Draft(
            @Schema(description = "12 to 1024 characters; without it nobody can open the file") String passphrase,
            @Schema(description = "The caller's own, once more; not with an API key") Optional<String> password) {
        public Draft {
            Objects.requireNonNull(passphrase, "passphrase");
            Objects.requireNonNull(password, "password");
            if (passphrase.length() < Backups.PASSPHRASE_LENGTH_MIN || passphrase.length() > PASSPHRASE_LENGTH_MAX) {
                throw new IllegalArgumentException("passphrase must have " + Backups.PASSPHRASE_LENGTH_MIN + " to "
                        + PASSPHRASE_LENGTH_MAX + " characters: who has the file may try as many as there is time for");
            }
        }

        /** Shows no secret. */
        @Override
        public String toString() {
            return "BackupDraft";
        }
    }

    @Audited("backup.sent")
    @POST
    @Requires(Permission.MAKE_BACKUPS)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            summary = "Makes a backup and sends it",
            description =
                    "As nxvms:backup does, for nxvms:restore: cameras, users, rights, API keys, audit, settings and"
                            + " keys, without footage. Sent as it is made, so its size is not known before. 503 while another"
                            + " backup or a restore runs, and without a database. A download that breaks off, or takes longer"
                            + " than ten minutes, leaves a file that nxvms:restore refuses as torn.")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = "string", format = "binary")))
    public Response make(Draft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        // All that opens the server is in the file: whoever has a session only proves once more who it is.
        if (Caller.of(security).user().apiKey().isEmpty()) {
            String password = draft.password().orElseThrow(() -> Problem.validation(
                            "password", "Give your own password once more: all keys of the server are in a backup.")
                    .exception());
            signIn.confirm(SessionsResource.caller(guard, request), "password", password, Clients.of(request));
        }
        new AuditFields("backup", Map.of(), Map.of()).of(request);
        StreamingOutput body = out -> {
            Sent sent = new Sent(out, nanoClock);
            try {
                backups.write(sent, draft.passphrase());
            } catch (BackupException e) {
                if (sent.isBegun()) {
                    throw e;
                }
                throw new ProblemException(Problem.unavailable(e.getMessage(), RETRY_SECONDS), e);
            }
        };
        return Response.ok(body)
                .header("Content-Disposition", "attachment; filename=\"nxvms.backup\"")
                .build();
    }

    /** Ends what is read by drops: it would hold the rows of the beginning for as long. */
    private static final class Sent extends FilterOutputStream {
        private final LongSupplier nanoClock;
        private final long sinceNs;
        private boolean begun;

        Sent(OutputStream out, LongSupplier nanoClock) {
            super(out);
            this.nanoClock = nanoClock;
            this.sinceNs = nanoClock.getAsLong();
        }

        boolean isBegun() {
            return begun;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (nanoClock.getAsLong() - sinceNs > SENDING_NS_MAX) {
                throw new BackupException("The backup was read too slowly, and is torn. Ask for it again.");
            }
            begun = true;
            out.write(bytes, offset, length);
        }
    }
}
