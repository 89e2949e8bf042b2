// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.Optional;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.security.account.Account;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.rights.Bits;
import org.nxvms.security.rights.Decisions;

/** What who begins or renews a session is answered: tokens in the body for programs, in cookies for the console. */
final class SessionAnswers {
    private final SignIn signIn;
    private final Decisions decisions;

    SessionAnswers(SignIn signIn, Decisions decisions) {
        this.signIn = signIn;
        this.decisions = decisions;
    }

    /** A session that has just begun; the browser is known from now on. */
    Response begun(Sessions.Grant grant, boolean cookie, boolean secure) {
        Response.ResponseBuilder answer = of(grant, cookie, secure);
        if (cookie) {
            String device = signIn.rememberedDevice(grant.account());
            answer.header(HttpHeaders.SET_COOKIE, SessionCookies.device(device, secure));
        }
        return answer.build();
    }

    Response.ResponseBuilder of(Sessions.Grant grant, boolean cookie, boolean secure) {
        Account account = grant.account();
        AuthenticatedUser user = account.user();
        AuthResource.Session session = new AuthResource.Session(
                cookie ? Optional.empty() : Optional.of(grant.accessToken()),
                cookie ? Optional.empty() : Optional.of(grant.refreshToken()),
                grant.accessLife().toSeconds(),
                account.mustChangePassword(),
                new AuthResource.SignedIn(
                        user.id(),
                        user.username(),
                        user.role(),
                        decisions.mustEnrol(user),
                        Bits.set(decisions.somewhere(user))));
        Response.ResponseBuilder answer = Response.ok(session);
        if (cookie) {
            SessionCookies.of(grant, secure).forEach(text -> answer.header(HttpHeaders.SET_COOKIE, text));
        }
        return answer;
    }
}
