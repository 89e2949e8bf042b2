// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.UserStore.StoredSession;
import org.nxvms.rest.kit.problem.Page;

/** A sign-in as it travels. */
@Schema(name = "SignedInSession")
public record SessionView(
        UUID id,
        Instant begun,
        @Schema(description = "When it was renewed last, which a client in use does every few minutes") Instant seen,
        @Schema(description = "Where from it was renewed last; left out for one of an earlier version")
                Optional<String> address,
        @Schema(description = "What the client called itself (User-Agent)") Optional<String> client,
        @Schema(description = "The session that asks") boolean current) {
    static Page<SessionView> page(List<StoredSession> sessions, Optional<UUID> current) {
        return Page.whole(sessions.stream()
                .map(session -> new SessionView(
                        session.id(),
                        session.begun(),
                        session.seen(),
                        Optional.of(session.address()).filter(text -> !text.isEmpty()),
                        Optional.of(session.client()).filter(text -> !text.isEmpty()),
                        current.filter(session.id()::equals).isPresent()))
                .toList());
    }
}
