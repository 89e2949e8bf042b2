// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.factor.SecondFactors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The caller's second factor. Whoever changes it proves once more to be the user. */
@Path("totp")
@Server(url = AuthResource.BASE)
@Tag(name = "Second factor")
@Produces(MediaType.APPLICATION_JSON)
@Requires({})
public final class TotpResource {
    private static final Logger LOG = LoggerFactory.getLogger(TotpResource.class);

    private final SecondFactors factors;
    private final Sessions sessions;
    private final SignIn signIn;
    private final TokenGuard guard;

    TotpResource(SecondFactors factors, Sessions sessions, SignIn signIn, TokenGuard guard) {
        this.factors = factors;
        this.sessions = sessions;
        this.signIn = signIn;
        this.guard = guard;
    }

    /** Whether a user needs a code to sign in. */
    public record TotpState(boolean enabled, int recoveryCodesLeft) {}

    /** What an authenticator app is told, once. */
    public record TotpEnrolment(
            @Schema(description = "Base32, to type in") String secret,
            @Schema(description = "otpauth://, to scan as a QR code") String uri) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "TotpEnrolment[]";
        }
    }

    /** Codes that each work once when the authenticator is lost. */
    public record RecoveryCodes(List<String> recoveryCodes) {
        /** Shows no code. */
        @Override
        public String toString() {
            return "RecoveryCodes[]";
        }
    }

    /** Who asks is still the user. {@code code} is needed where there is a second factor already. */
    public record Proof(String password, Optional<String> code) {
        public Proof {
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(code, "code");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Proof[]";
        }
    }

    /** The code that the authenticator shows. */
    public record Confirmation(String code) {
        public Confirmation {
            Objects.requireNonNull(code, "code");
        }

        /** Shows no code. */
        @Override
        public String toString() {
            return "Confirmation[]";
        }
    }

    @GET
    @Operation(summary = "Says whether the caller has a second factor")
    public TotpState get(@Context HttpServletRequest request) {
        return state(factors, caller(request).account().id());
    }

    static TotpState state(SecondFactors factors, UUID userId) {
        return new TotpState(factors.isOn(userId), factors.recoveryCodesLeft(userId));
    }

    @Audited("totp.begun")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Begins an enrolment: a secret for an authenticator app",
            description = "Nothing changes until a code of it is sent to /confirm, within 15 minutes. 409 when there is"
                    + " a second factor already.")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = "There is a second factor already")
    public TotpEnrolment begin(Proof proof, @Context HttpServletRequest request) {
        Sessions.Caller caller = caller(request);
        signIn.confirm(caller, "password", proof.password(), Clients.of(request));
        SecondFactors.Enrolment begun =
                factors.begin(caller.account().id(), caller.account().username());
        return new TotpEnrolment(begun.secret(), begun.uri());
    }

    @Audited("totp.enrolled")
    @POST
    @Path("confirm")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Finishes the enrolment; all other sessions of the user end",
            description = "From then on signing in needs a code. The recovery codes are told here and never again.")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = "No enrolment is under way")
    public RecoveryCodes confirm(Confirmation confirmation, @Context HttpServletRequest request) {
        Sessions.Caller caller = caller(request);
        List<String> codes = factors.confirm(caller.account().id(), confirmation.code());
        // They were opened by a password alone.
        sessions.endAll(caller.account().id(), Optional.of(caller.session()));
        LOG.info(
                "User {} signs in with a second factor from now on",
                caller.account().username());
        return new RecoveryCodes(codes);
    }

    @Audited("totp.recovery_renewed")
    @POST
    @Path("recovery-codes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes other recovery codes; those before are worth nothing then")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = "There is no second factor")
    public RecoveryCodes renew(Proof proof, @Context HttpServletRequest request) {
        Sessions.Caller caller = prove(proof, request);
        return new RecoveryCodes(factors.renewRecoveryCodes(caller.account().id()));
    }

    @Audited("totp.removed")
    @POST
    @Path("remove")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Removes the second factor; signing in needs the password alone then")
    @ApiResponse(responseCode = "204", description = "Removed, or there was none")
    @ApiResponse(responseCode = "409", description = "There is no second factor")
    public Response remove(Proof proof, @Context HttpServletRequest request) {
        Sessions.Caller caller = prove(proof, request);
        if (factors.remove(caller.account().id())) {
            LOG.warn("User {} removed the second factor", caller.account().username());
        }
        return Response.noContent().build();
    }

    /** By the password and, where there is one, the second factor. */
    private Sessions.Caller prove(Proof proof, HttpServletRequest request) {
        Sessions.Caller caller = caller(request);
        signIn.prove(caller, proof.password(), proof.code(), Clients.of(request));
        return caller;
    }

    private Sessions.Caller caller(HttpServletRequest request) {
        return SessionsResource.caller(guard, request);
    }
}
